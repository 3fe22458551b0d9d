"""A listener of UPSS is refused off the loopback addresses unless it says `insecure: accept`; start, status, --check and a
metric call it unsafe in any case. It takes no credentials."""

import os

from support.backend import Backend
from support.check import CONFIG, check
from support.daemon import run_program
from support.expect import expect, expect_equal, run
from support.upss_gate import UpssGate

LOCAL = CONFIG.replace("protocol: usmp", "protocol: upss").replace("    credentials: fleet\n", "", 1)
OPEN = LOCAL.replace('bind: "127.0.0.1:0"', 'bind: "0.0.0.0:0"', 1)
ACCEPTED = OPEN.replace("    protocol: upss\n", "    protocol: upss\n    insecure: accept\n")
WITH_KEYS = LOCAL.replace("    protocol: upss\n", "    protocol: upss\n    credentials: fleet\n")
DANGER = "can read, forge and redirect messages"


def main():
    refused = check(config=OPEN)
    expect_equal(refused.code, 1, f"--check of a listener for everybody: {refused.output}")
    line = OPEN[: OPEN.index('bind: "0.0.0.0')].count("\n") + 1
    said = [c for c in refused.complaints if c.line == line]
    expect(said and "insecure: accept" in said[0].text and DANGER in said[0].text, f"the reason: {refused.output}")
    for config in (ACCEPTED, LOCAL):
        accepted = check(config=config)
        expect_equal(accepted.code, 0, f"--check: {accepted.output}")
        expect("unsafe" in accepted.output, f"it warns: {accepted.output}")
    expect_equal(check(config=WITH_KEYS).code, 1, "--check of a listener with credentials")

    with Backend() as backend, UpssGate(backend) as gate:
        gate.wait_log(f"unsafe.*{DANGER}")
        expect_equal(gate.metric("gatehouse_unsafe_listener", listener="fleet"), 1, "the metric")
        status = run_program("--socket", gate.directory / "admin.sock", "status", program=os.environ["GATEHOUSECTL"])
        expect("unsafe" in status.stdout and DANGER in status.stdout, f"status: {status.stdout}")


run(main)
