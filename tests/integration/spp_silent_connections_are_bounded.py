"""Silent connections cost nothing until they are greeted, then a handshake slot, and keep no device out.

With four slots, of forty silent connections four are greeted and the others are closed. Devices that speak still get
in: the one that has been silent longest makes way for the first, and its slot is free again once that is proven. A
connection that closes at once is not even counted.
"""

from support.backend import Backend
from support.expect import expect, expect_equal, run
from support.spp_gate import SppGate

SLOTS = 4
OPENED = 40


def main():
    names = [f"meter-{i}" for i in range(1, 4)]
    listener = {"limits": {"handshakes": SLOTS}}
    with Backend(echo=True) as backend, SppGate(
        backend, names, spp={"greet_after": "300ms"}, listener=listener, workers=1
    ) as gate:
        for _ in range(20):
            gate.device().open().close()
        silent = [gate.device().open() for _ in range(OPENED)]
        gate.wait_handshakes("limited", OPENED - SLOTS)
        expect_equal(gate.handshakes("aborted"), 0, "handshakes of connections that closed at once")
        answers = [len(device.read_exactly(104)) for device in silent[:SLOTS]]
        expect_equal(answers, [104] * SLOTS, "hellos to silent connections")
        for device in silent[SLOTS:]:
            expect_equal(device.expect_closed(), b"", "what the others got")
        for name in names:
            expect(gate.connect(name).recv() == b"first", "a device that speaks gets in")
        silent[0].expect_closed()
        gate.wait_handshakes("limited", OPENED - SLOTS + 1)


run(main)
