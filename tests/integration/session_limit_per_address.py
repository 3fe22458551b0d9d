"""`limits: {sessions_per_address: 2}` admits two sessions from each address, and counts the rest as `limited`.

Two devices from 127.0.0.1 get in, a third does not, two from 127.0.0.2 do. When one leaves, its place is free.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, run
from support.fleet import fleet

HERE, THERE = "127.0.0.1", "127.0.0.2"


def main():
    limits = {"sessions_per_address": 2}
    with Backend() as backend, Gatehouse(backend, fleet(6), limits=limits, workers=2) as gate:
        names = list(gate.devices)
        first = gate.connect(names[0], source=HERE)
        gate.connect(names[1], source=HERE)
        expect(gate.device(names[2], source=HERE).is_refused(), "a third session from one address is refused")
        gate.wait_handshakes("limited", 1)
        gate.connect(names[3], source=THERE)
        gate.connect(names[4], source=THERE)
        expect(gate.device(names[5], source=THERE).is_refused(), "a third session from the other address is refused")
        gate.wait_handshakes("limited", 2)
        first.bye()
        gate.wait_metric("gatehouse_sessions", 3, listener="fleet")
        gate.connect(names[2], source=HERE).ping()


run(main)
