"""A PONG that the device never acknowledges ends no session and holds nothing back for ever.

For D2 and D3: the device sends a PING and acknowledges no PONG ever. A message of the backend that comes behind the
PONG arrives, nothing is reported as undelivered, and the session goes on. A D1 device, which takes frames in strict
order, acknowledges the PONG when its application listens again, and gets the message then.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet

NAMES = ("D1", "D2", "D3")
MEASURED = 20  # round trips, so that the gateway knows how short they are and gives up soon
LATEST = 20.0


def main():
    devices = fleet(len(NAMES))
    with Backend() as backend, Gatehouse(backend, devices, listener=UDP) as gate:
        connected = [gate.connect_datagram(device_id, name) for device_id, name in zip(devices, NAMES)]
        for device in connected:
            session = backend.opened(device.device_id)["session"]
            for number in range(MEASURED):
                backend.send_data(session, b"%d" % number)
                device.recv()
            device.acknowledges = lambda kind: kind != wire.PONG
            device.send_ping()
            expect(device.pump(lambda: device.received_frames(wire.PONG), 5.0), "PONG")
            backend.send_data(session, b"behind the PONG")
        for device in connected:
            name = device.generation.name
            if name == "D1":
                expect(device.pump(lambda: len(device.received_frames(wire.PONG)) >= 4, LATEST), "copies of PONG")
                device.acknowledges = lambda kind: True
            expect_equal(device.recv(LATEST), b"behind the PONG", f"{name}: message")
            device.send(b"alive")
            device.acknowledges = lambda kind: True
            device.ping()
        gate.wait_metric("gatehouse_undelivered_messages_total", 0, listener="fleet")
        gate.wait_metric("gatehouse_sessions", len(NAMES), listener="fleet")


run(main)
