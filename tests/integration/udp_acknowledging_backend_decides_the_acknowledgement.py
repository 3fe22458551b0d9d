"""With `acknowledge: true` a device's message is acknowledged once the backend has acknowledged it.

For C, D1, D2 and D3: the message is at the backend, but no transmission is acknowledged to the device until the
backend says so. When the backend loses its connection first, the message comes to it again, marked, and the device
still waits. A message of several frames: only its last frame waits.
"""

from support import usmp_wire as wire
from support.backend import Backend, payload_of
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet

NAMES = ("C", "D1", "D2", "D3")
ADMITTED = {"generations": ["2", "1-bound"]}
OPTIONS = {"acknowledge": True}
LARGE = bytes(range(250)) * 4


def check_waits(device, frame, what):
    for _ in range(2):
        expect(not device.is_acknowledged(frame, 0.1), f"{device.generation.name}: UTACK {what}")


def check_arrives(device, frame, what):
    acked = device.pump(lambda: device.acks_of(frame[3], int.from_bytes(frame[4:8], "little")), 0.5)
    expect(acked or device.is_acknowledged(frame), f"{device.generation.name}: no UTACK {what}")


def check(backend, device):
    name = device.generation.name
    session = backend.opened(device.device_id)["session"]
    frame = device.channel.seal(wire.DATA, b"one")
    check_waits(device, frame, "before the backend's")
    backend.wait_data(device.device_id, 1)
    check_waits(device, frame, "before the backend's, which has the message")
    device.ping()
    backend.ack(session, 1)
    check_arrives(device, frame, "after the backend's")

    *first, last = device.channel.seal_message(LARGE)
    for fragment in first:
        expect(device.is_acknowledged(fragment), f"{name}: UTACK of a fragment")
    check_waits(device, last, "of the last frame before the backend's")
    backend.wait_data(device.device_id, 2)
    connection = backend.connection_of(session)
    connection.close()
    again = backend.wait_for(1, type="data", device=device.device_id, again=True)
    expect_equal([payload_of(record) for record in again], [LARGE], f"{name}: repeated messages")
    check_waits(device, last, "after the backend's connection was lost")
    backend.ack(session, 2)
    check_arrives(device, last, "after the backend's second connection")
    device.bye()


def main():
    devices = fleet(len(NAMES))
    with Backend(ack="manual") as backend:
        with Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP, backend_options=OPTIONS, workers=1) as gate:
            for device_id, name in zip(devices, NAMES):
                check(backend, gate.connect_datagram(device_id, name))
            gate.wait_metric("gatehouse_sessions_closed_total", len(NAMES), listener="fleet", reason="bye")


run(main)
