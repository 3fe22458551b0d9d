"""A frame that comes again is acknowledged again, to where it came from, and its message is delivered once.

For C, D1, D2 and D3: a message, a fragment, a PING and the last fragment come three times each, from the device's
address and from another one. Every copy is acknowledged and counted as `replay`; the backend has each message once; a
repeated PING is answered once.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet

NAMES = ("C", "D1", "D2", "D3")
ADMITTED = {"generations": ["2", "1-bound"]}
LARGE = bytes(range(250)) * 3


def main():
    devices = fleet(len(NAMES))
    with Backend() as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP) as gate:
        copies = 0
        for device_id, name in zip(devices, NAMES):
            device = gate.connect_datagram(device_id, name)
            old = device.rebind(keep=True)
            channel = device.channel
            frames = [channel.seal(wire.DATA, b"pay 10"), *channel.seal_message(LARGE), channel.seal(wire.PING)]
            for frame in frames:
                expect(device.is_acknowledged(frame, from_socket=old), f"{name}: first UTACK")
                for sock in (old, device.socket, old):
                    what = f"{name}: UTACK of a repeated frame of type {frame[3]:02x}"
                    expect(device.is_acknowledged(frame, from_socket=sock), what)
                    copies += 1
            expect(device.pump(lambda: device.pongs, 5.0), f"{name}: PONG")
            device.ping()
            device.pump(timeout=0.1)
            expect_equal(device.pongs, 2, f"{name}: PONGs for two PINGs")
            expect_equal(backend.settled_data(device_id), [b"pay 10", LARGE], f"{name}: messages")
        gate.wait_rejected("replay", lambda count: count >= copies)
        gate.wait_metric("gatehouse_sessions", len(NAMES), listener="fleet")


run(main)
