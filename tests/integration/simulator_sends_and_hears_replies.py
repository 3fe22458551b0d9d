"""`gatehouse-sim send` is a device of any release: its message reaches the backend, the reply reaches its output.

One `send --expect-reply` for each release, with the answer on standard output and exit 0; with a wrong key it says at
which step it was refused, exit 1; with a wrong option it explains itself, exit 2.
"""

import os

from support.backend import Backend
from support.daemon import Gatehouse, run_program
from support.expect import expect, expect_equal, run
from support.fleet import ALL_GENERATIONS, ONE, fleet

SIM = os.environ["GATEHOUSE_SIM"]
RELEASES = ["0.2", "0.4.7", "0.5", "1.0", "1.2"]


def send(gate, release, secret, *more):
    address = f"127.0.0.1:{gate.port}"
    options = ["--connect", address, "--device", ONE, "--psk", secret, "--generation", release]
    return run_program("send", *options, "--message", f"from {release}", "--expect-reply", *more, program=SIM)


def main():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(1), listener={"usmp": ALL_GENERATIONS}) as gate:
        key = "hex:" + gate.key(ONE).hex()
        for release in RELEASES:
            result = send(gate, release, key)
            expect_equal(result.returncode, 0, f"exit status of {release}: {result.stderr}")
            expect(f"from {release}" in result.stdout, f"the echo is printed: {result.stdout}")
        expect_equal(backend.wait_data(ONE, len(RELEASES)), [f"from {r}".encode() for r in RELEASES], "messages")
        refused = send(gate, "1.2", "hex:" + "ff" * 32)
        expect_equal(refused.returncode, 1, "exit status with a wrong key")
        expect("SESSION_OK" in refused.stderr, f"it says at which step: {refused.stderr}")
        expect_equal(run_program("send", "--nonsense", program=SIM).returncode, 2, "exit status of wrong usage")


run(main)
