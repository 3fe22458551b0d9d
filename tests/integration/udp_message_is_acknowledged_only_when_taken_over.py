"""A device's message is acknowledged when the backend has taken it over, and not before.

The backend is away. For C, D1, D2 and D3 a device sends a message: no transmission of it is acknowledged, nor is it
when it comes again and again. A PING is answered meanwhile. When the backend is back, the message arrives once and its
acknowledgement comes. A device that had given up by then may say the same again: that is another message.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet

NAMES = ("C", "D1", "D2", "D3")
ADMITTED = {"generations": ["2", "1-bound"]}


def main():
    devices = fleet(len(NAMES))
    with Backend() as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP) as gate:
        connected = [gate.connect_datagram(device_id, name) for device_id, name in zip(devices, NAMES)]
        for device in connected:
            device.send(b"before")
            backend.wait_data(device.device_id)
        backend.stop()
        gate.wait_metric("gatehouse_backend_connected", 0, backend="telemetry")
        frames = [device.channel.seal(wire.DATA, b"away") for device in connected]
        for _ in range(3):
            for device, frame in zip(connected, frames):
                name = device.generation.name
                expect(not device.is_acknowledged(frame, 0.1), f"{name}: UTACK without a backend")
        for device in connected:
            device.ping()
        for device, frame in zip(connected, frames):
            expect(not device.is_acknowledged(frame, 0.1), f"{device.generation.name}: UTACK after PING")
        backend.start()
        for device, frame in zip(connected, frames):
            name = device.generation.name
            backend.wait_data(device.device_id, 2)
            expect(device.acks_of(wire.DATA, 1) or device.is_acknowledged(frame), f"{name}: UTACK when taken over")
            device.send(b"after")
            expect_equal(device.void_acks, [], f"{name}: UTACKs that do not count")
        for device in connected:
            expect_equal(backend.settled_data(device.device_id), [b"before", b"away", b"after"], "messages")
        gate.wait_rejected("replay", lambda count: count >= 3 * len(NAMES))


run(main)
