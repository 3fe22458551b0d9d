"""`gatehouse-sim --protocol upss` is a device of either release: one that talks by turns, and many at once.

A route that is not admitted is answered with ERROR, which it says, exit 1. A backend that does not answer in time makes it give up.
"""

import json
import os

from support.backend import Backend, payload_of
from support.daemon import run_program
from support.expect import expect, expect_equal, run
from support.upss_gate import DEVICE, UpssGate

SIM = os.environ["GATEHOUSE_SIM"]
DEVICES, TIMES = 10, 3


def sim(command, gate, *more):
    common = ["--protocol", "upss", "--connect", f"127.0.0.1:{gate.port}"]
    return run_program(command, *common, *more, program=SIM, timeout=50.0)


def check_send(gate, backend):
    for generation, count in (("0.0.2", TIMES), ("0.0.1", 1)):
        text = f"21.5 °C of {generation}"
        more = ["--generation", generation, "--count", str(count), "--message", text, "--expect-reply"]
        result = sim("send", gate, "--route", "/telemetry", *more)
        expect_equal((result.returncode, result.stdout), (0, f"{text}\n" * count), f"the answers: {result.stderr}")
    opened = backend.select(type="open")
    expect_equal([(one["generation"], one["route"]) for one in opened], [("0.0.2", "/telemetry"), ("0.0.1", "/telemetry")], "sessions")
    told = [payload_of(one).decode() for one in backend.select(type="data", session=opened[0]["session"])]
    expect_equal(told, ["21.5 °C of 0.0.2"] * TIMES, "messages of one session")

    refused = sim("send", gate, "--route", "/nobody")
    expect_equal(refused.returncode, 1, "exit status for a route that is not admitted")
    expect("the gateway said ERROR" in refused.stderr, f"it says what it was told: {refused.stderr}")
    wrong = sim("send", gate, "--psk", "text:0123456789abcdef")
    expect_equal(wrong.returncode, 2, "exit status of an option for another protocol")
    none = run_program("credentials", "--protocol", "upss", "--devices", "1", program=SIM)
    expect_equal(none.returncode, 2, "exit status: there is no credential file")


def check_load(gate, backend):
    before = len(backend.select(type="open"))
    more = ["--devices", str(DEVICES), "--message-rate", "5", "--duration", "2s", "--echo", "--json"]
    result = sim("load", gate, "--route", "/telemetry", *more)
    expect_equal(result.returncode, 0, f"exit status: {result.stderr}")
    report = json.loads(result.stdout)
    expect_equal((report["generation"], report["echo"]["missing"]), ("0.0.2", 0), "generation and missing echoes")
    expect(report["messages"]["received"] >= DEVICES * 5, f"messages: {report['messages']}")
    expect_equal(len(backend.select(type="open", device=DEVICE)) - before, DEVICES, "sessions")


def main():
    listener = {"limits": {"sessions_per_device": 0}}
    options = {"routes": ["/", "/telemetry"]}
    with Backend(echo=True) as backend, UpssGate(backend, options=options, listener=listener) as gate:
        check_send(gate, backend)
        check_load(gate, backend)
    with Backend() as silent, UpssGate(silent, options=options) as gate:
        result = sim("send", gate, "--timeout", "1s")
        expect_equal(result.returncode, 1, "exit status when nobody answers")
        expect("nothing came in time" in result.stderr, f"it says so: {result.stderr}")


run(main)
