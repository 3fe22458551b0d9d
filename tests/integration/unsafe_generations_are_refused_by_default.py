"""A listener that admits only generation "2" refuses older devices at their HELLO, silently towards the device, and
tells the operator what to change.

A, B and C devices connect to a listener without `generations` and to one with ["2"]: each connection is closed without
one byte, counted as `unsupported`, and logged with the device, its releases and the setting that would admit it.
"""

import re

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet


def check_refused(gate, backend, name, port, listener):
    device = gate.device(ONE, name, port=port).open()
    peer = device.local
    device.send_hello()
    expect_equal(device.expect_closed(), [], f"generation {name}: answer of the gateway")
    record = gate.wait_log_record("handshake refused", listener=listener, peer=peer)
    expect_equal((record["device"], record["reason"]), (ONE, "unsupported"), f"generation {name}: log record")
    text = str(record)
    expect("generations" in text, f"the log names the setting: {text}")
    expect(re.search(r"0\.[234]", text), f"the log names the releases: {text}")
    expect_equal(backend.select(type="open"), [], "open records")


def main():
    listeners = [{"name": "fleet"}, {"name": "explicit", "usmp": {"generations": ["2"]}}]
    with Backend() as backend, Gatehouse(backend, fleet(1), listeners=listeners) as gate:
        for listener in ("fleet", "explicit"):
            for count, name in enumerate(("A", "B", "C"), start=1):
                check_refused(gate, backend, name, gate.ports[listener], listener)
                gate.wait_metric("gatehouse_handshakes_total", count, listener=listener, result="unsupported")


run(main)
