"""gatehouse-sim speaks PSSST: single requests, lines of standard input, and many at once over a bad network.

Whatever is lost and repeated, each request reaches the backend once. Without a reply the exit status is 1.
"""

import json
import os
import subprocess

from support.backend import Backend
from support.daemon import binary
from support.expect import expect, expect_equal, run
from support.pssst_gate import PssstGate, device_private

SIMULATOR = os.environ.get("GATEHOUSE_SIM") or binary().replace("gatehoused", "gatehouse-sim")
MANY = 300


def ask(gate, *options, key="meter-4", given="", timeout=40):
    command = [SIMULATOR, "request", "--connect", f"127.0.0.1:{gate.port}", "--gateway-key", f"hex:{gate.public().hex()}"]
    if key:
        command += ["--key", f"hex:{device_private(key).hex()}"]
    return subprocess.run([*command, *options], input=given, capture_output=True, text=True, timeout=timeout)


def main():
    with Backend(echo=True) as backend, PssstGate(backend, ["meter-4"], anonymous=True) as gate:
        for key in ("meter-4", None):
            done = ask(gate, "--message", "how warm is it?", "--count", "2", key=key)
            expect_equal((done.returncode, done.stdout), (0, "how warm is it?\n" * 2), f"the replies to {key}")
        done = ask(gate, "--lines", given="one\ntwo\nthree")
        expect_equal((done.returncode, done.stdout), (0, "one\ntwo\nthree\n"), "the replies to lines")

        known = len(backend.select(type="data"))
        done = ask(gate, "--count", str(MANY), "--under-way", "30", "--retry", "30ms", "--tries", "9", "--json",
                   "--loss", "10", "--duplicate", "20", "--reorder", "20")
        expect_equal(done.returncode, 0, f"the exit status ({done.stderr})")
        figures = json.loads(done.stdout)
        expect_equal((figures["requests"], figures["replies"]), (MANY, MANY), "requests and replies")
        expect(figures["repeated"] > 0, "packets were repeated")
        expect_equal(len(backend.wait_for(known + MANY, type="data")), known + MANY, "messages at the backend")
        expect_equal(gate.results("accepted"), known + MANY, "accepted requests")
        expect(gate.results("repeated") + gate.results("repeated_unanswered") > 0, "repetitions were seen")

        stranger = ask(gate, "--retry", "20ms", "--tries", "2", key="nobody-knows")
        expect_equal(stranger.returncode, 1, "the exit status without a reply")
        expect("no reply" in stranger.stderr, f"it says {stranger.stderr!r}")
        expect_equal(ask(gate, "--gateway-key", "hex:00").returncode, 2, "the exit status of wrong usage")


run(main)
