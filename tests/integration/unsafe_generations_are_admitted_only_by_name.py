"""`generations` admits exactly what it names: "1-bound" is 0.4.7 only, "1" is 0.2.x and 0.3.x only.

A 0.4.7 device and a 0.2 device connect to a listener of each kind, and a current device to one that names no "2". Who
is not named is refused, counted as `unsupported` and logged with the setting; who is named talks.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, THREE, TWO, fleet
from support.hostile import expect_alive

LISTENERS = [
    {"name": "bound", "usmp": {"generations": ["2", "1-bound"]}},
    {"name": "unbound", "usmp": {"generations": ["2", "1"]}},
    {"name": "ancient", "usmp": {"generations": ["1"]}},
]


def check_refused(gate, listener, device_id, name):
    device = gate.device(device_id, name, port=gate.ports[listener])
    expect(device.is_refused(), f"generation {name} on {listener} is refused")
    record = gate.wait_log_record("handshake refused", listener=listener, device=device_id)
    expect_equal(record["reason"], "unsupported", f"generation {name} on {listener}: reason")
    expect("generations" in str(record), f"the log names the setting: {record}")
    gate.wait_metric("gatehouse_handshakes_total", 1, listener=listener, result="unsupported")


def main():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(3), listeners=LISTENERS) as gate:
        expect_alive(gate.connect(ONE, "C", port=gate.ports["bound"]))
        check_refused(gate, "bound", TWO, "A")
        expect_alive(gate.connect(TWO, "A", port=gate.ports["unbound"]))
        check_refused(gate, "unbound", THREE, "C")
        expect_alive(gate.connect(THREE, "D3", port=gate.ports["unbound"]))
        check_refused(gate, "ancient", ONE, "D3")


run(main)
