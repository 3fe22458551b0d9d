"""C and D1 know no window: a frame ahead of its turn is not acknowledged, and is taken when its turn has come.

Counted as `sequence`; the session goes on.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet

NAMES = ("C", "D1")
ADMITTED = {"generations": ["2", "1-bound"]}


def main():
    devices = fleet(len(NAMES))
    with Backend() as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP) as gate:
        for count, (device_id, name) in enumerate(zip(devices, NAMES), start=1):
            device = gate.connect_datagram(device_id, name)
            first, second, third = [device.channel.seal(wire.DATA, text) for text in (b"1", b"2", b"3")]
            expect(not device.is_acknowledged(second, 0.2), f"{name}: UTACK of the second frame before the first")
            expect(not device.is_acknowledged(third, 0.2), f"{name}: UTACK of the third frame before the first")
            gate.wait_rejected("sequence", 2 * count)
            for frame in (first, second, third):
                expect(device.is_acknowledged(frame), f"{name}: UTACK in turn")
            device.ping()
            expect_equal(backend.settled_data(device_id), [b"1", b"2", b"3"], f"{name}: messages")


run(main)
