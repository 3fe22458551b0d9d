"""`gatehouse-sim --protocol spp` is an SPP device: one that sends, one that waits to be greeted, and many.

The devices of a fleet have each its own key, which `gatehouse-sim credentials` writes down. With another gateway's key it says at which step it stopped, exit 1; options of another protocol are explained, exit 2.
"""

import json
import os

from support.backend import Backend
from support.changes import reloading, replace
from support.daemon import run_program
from support.expect import expect, expect_equal, run
from support.fleet import key_for
from support.spp_device import identity_of
from support.spp_gate import SppGate, gateway_seed, seed_of

SIM = os.environ["GATEHOUSE_SIM"]
DEVICES = 20
PRIVATE = "hex:" + gateway_seed("g1").hex()


def options(gate, gateway):
    keys = ["--key", "hex:" + seed_of("meter-1").hex(), "--gateway-key", "hex:" + gateway.hex()]
    return ["--protocol", "spp", "--connect", f"127.0.0.1:{gate.port}", *keys]


def main():
    gateway = identity_of(gateway_seed("g1"))
    with Backend(echo=True) as backend, SppGate(backend, spp={"greet_after": "100ms"}) as gate:
        common = options(gate, gateway)
        ways = [["--generation", "0.2"], ["--generation", "0.1"], ["--wait"]]
        for way in ways:
            text = "sent " + " ".join(way)
            result = run_program("send", *common, *way, "--message", text, "--expect-reply", program=SIM)
            expect_equal(result.returncode, 0, f"exit status of {way}: {result.stderr}")
            expect(text in result.stdout, f"the echo is printed: {result.stdout}")
        expect_equal(len(backend.wait_data("meter-1", len(ways))), len(ways), "messages")

        refused = run_program("send", *options(gate, identity_of(key_for("another"))), program=SIM)
        expect_equal(refused.returncode, 1, "exit status with another gateway's key")
        expect("hello" in refused.stderr, f"it says at which step: {refused.stderr}")
        wrong = run_program("send", *common, "--psk", "text:0123456789abcdef", program=SIM)
        expect_equal(wrong.returncode, 2, "exit status of an option for another protocol")

        fleet = ["--protocol", "spp", "--key", common[5], "--devices", str(DEVICES)]
        printed = run_program("credentials", *fleet, "--gateway-private", PRIVATE, program=SIM)
        expect_equal(printed.returncode, 0, f"exit status: {printed.stderr}")
        with reloading(gate):
            replace(gate.credential_file, printed.stdout)
        again = run_program("credentials", *fleet, "--gateway-private", PRIVATE, "--loopback", program=SIM)
        expect_equal(again.stdout.count("127.0.0.1"), DEVICES, f"where they come from: {again.stdout}")
        expect_equal(again.stdout.replace(', from: ["127.0.0.1"]', ""), printed.stdout, "the same keys each time")

        before = gate.handshakes("ok")
        load = ["--devices", str(DEVICES), "--message-rate", "5", "--duration", "2s", "--echo", "--json"]
        result = run_program("load", *common, *load, program=SIM, timeout=50.0)
        expect_equal(result.returncode, 0, f"exit status: {result.stderr}")
        report = json.loads(result.stdout)
        expect_equal(report["generation"], "0.2", "the generation")
        expect_equal(report["echo"]["missing"], 0, "missing echoes")
        expect(report["messages"]["received"] >= DEVICES * 5, f"messages: {report['messages']}")
        gate.wait_handshakes("ok", before + DEVICES)
        names = {record["device"] for record in backend.select(type="open")} - {"meter-1"}
        expect_equal(names, {f"sim-{number}" for number in range(1, DEVICES + 1)}, "devices, each by its own key")
        expect_equal(gate.metric("gatehouse_sessions_closed_total", reason="replaced"), 0, "sessions that made way")

        quiet = ["--devices", str(DEVICES), "--message-rate", "0", "--duration", "1s"]
        result = run_program("load", *common, *quiet, program=SIM, timeout=50.0)
        expect_equal(result.returncode, 0, f"exit status: {result.stderr}")
        gate.wait_handshakes("ok", before + 2 * DEVICES)


run(main)
