"""Devices that say HELLO and then nothing cannot keep others out: when all handshake slots are taken, the oldest goes.

With `limits.handshakes: 4` and one worker, a peer without a key opens twelve connections, sends a well-formed HELLO on
each and falls silent. A real device still gets in at once; the pushed-out ones are closed, and counted as `limited`.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, TWO, fleet
from support.hostile import expect_alive

SLOTS = 4
STALLED = 12


def main():
    listener = {"limits": {"handshakes": SLOTS}}
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(2), listener=listener, workers=1) as gate:
        stalled = []
        for _ in range(STALLED):
            device = gate.device(ONE, psk=bytes(32)).open()
            device.send_hello()
            device.read_challenge()
            stalled.append(device)
        gate.wait_handshakes("limited", STALLED - SLOTS)
        for device in stalled[: STALLED - SLOTS]:
            expect_equal(device.expect_closed(), [], "answer to a pushed-out device")
        expect_alive(gate.connect(TWO))
        expect(gate.handshakes("limited") == STALLED - SLOTS + 1, "the newcomer took the oldest one's place")


run(main)
