"""Over UDP too a generation that is not admitted stays out, is not answered, and counts as `unsupported`.

With the default `generations: ["2"]`, a C device's HELLO is not answered at all, as no answer would help it; D1, D2 and
D3 get in. Generations without UDP, A and B, cannot be told from C by their HELLO: with "1-bound" they get a CHALLENGE
and no further.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.datagram_rules import HurriedClock
from support.expect import expect, expect_equal, expect_raises, run
from support.fleet import fleet
from support.hostile import expect_alive
from support.usmp_datagram_device import Undelivered


def main():
    devices = fleet(4)
    names = list(devices)
    with Backend(echo=True) as backend, Gatehouse(backend, devices, listener=UDP) as gate:
        old = gate.datagram_device(names[0], "C", clock=HurriedClock()).open()
        expect_raises(Undelivered, old.send_hello)
        expect_equal(old.received, [], "answers to C")
        gate.wait_handshakes("unsupported", lambda count: count >= 1)
        for device_id, name in zip(names[1:], ("D1", "D2", "D3")):
            expect_alive(gate.connect_datagram(device_id, name))

    with Backend(echo=True) as backend:
        with Gatehouse(backend, devices, listener=UDP, usmp={"generations": ["2", "1-bound"]}) as gate:
            for device_id, name in zip(names, ("A", "B")):
                older = gate.datagram_device(device_id, name, clock=HurriedClock()).open()
                older.send_hello()
                older.read_challenge()
                expect_raises(Undelivered, older.send_hello_ack)
                expect(not older.received_frames(wire.SESSION_OK), f"{name}: SESSION_OK")
            expect_equal(backend.select(type="open"), [], "open records")


run(main)
