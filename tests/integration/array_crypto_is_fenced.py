"""A listener of Array-Crypto is refused off the loopback addresses unless it says `insecure: accept`; start, status,
--check and a metric call it unsafe in any case."""

import os

from support.array_crypto_gate import V1, ArrayCryptoGate, array_crypto_credentials
from support.backend import Backend
from support.check import CONFIG, check
from support.daemon import run_program
from support.expect import expect, expect_equal, run

LOCAL = CONFIG.replace("protocol: usmp", "protocol: array-crypto")
OPEN = LOCAL.replace('bind: "127.0.0.1:0"', 'bind: "0.0.0.0:0"', 1)
ACCEPTED = OPEN.replace("    credentials: fleet", "    insecure: accept\n    credentials: fleet")
FILE = array_crypto_credentials({V1: "v1"})
DANGER = "can read and forge messages"


def main():
    refused = check(config=OPEN, credentials=FILE)
    expect_equal(refused.code, 1, f"--check of a listener for everybody: {refused.output}")
    line = OPEN[: OPEN.index('bind: "0.0.0.0')].count("\n") + 1
    said = [c for c in refused.complaints if c.line == line]
    expect(said and "insecure: accept" in said[0].text and DANGER in said[0].text, f"the reason: {refused.output}")
    for config in (ACCEPTED, LOCAL):
        accepted = check(config=config, credentials=FILE)
        expect_equal(accepted.code, 0, f"--check: {accepted.output}")
        expect("unsafe" in accepted.output, f"it warns: {accepted.output}")

    with Backend() as backend, ArrayCryptoGate(backend) as gate:
        gate.wait_log(f"unsafe.*{DANGER}")
        expect_equal(gate.metric("gatehouse_unsafe_listener", listener="fleet"), 1, "the metric")
        status = run_program("--socket", gate.directory / "admin.sock", "status", program=os.environ["GATEHOUSECTL"])
        expect("unsafe" in status.stdout and DANGER in status.stdout, f"status: {status.stdout}")


run(main)
