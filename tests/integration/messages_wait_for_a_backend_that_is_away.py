"""While the backend is away, sessions stay and messages wait; when it is back, each arrives once and in order.

Four devices send, the backend goes away (listener, connections and socket file), the devices send 200 messages each, a
new device even opens its session, the backend comes back: per device the backend has every message exactly once, in
order, with uninterrupted seq numbers. Echoes reach the same sessions afterwards.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet

BEFORE, AWAY = 10, 200


def numbered(first, count):
    return [b"message %d" % number for number in range(first, first + count)]


def check_arrived(backend, device_id, wanted):
    got = backend.wait_data(device_id, len(wanted))
    expect_equal(got, wanted, f"messages of {device_id}")
    seqs = [record["seq"] for record in backend.select(type="data", device=device_id)]
    expect_equal(seqs, list(range(1, len(wanted) + 1)), f"seq of {device_id}")


def main():
    with Backend() as backend, Gatehouse(backend, fleet(5)) as gate:
        *names, late = gate.devices
        devices = [gate.connect(name) for name in names]
        for device in devices:
            for message in numbered(0, BEFORE):
                device.send(message)
        for name in names:
            check_arrived(backend, name, numbered(0, BEFORE))

        backend.stop()
        gate.wait_metric("gatehouse_backend_connected", 0, backend="telemetry")
        for device in devices:
            for message in numbered(BEFORE, AWAY):
                device.send(message)
        newcomer = gate.connect(late)
        for message in numbered(0, AWAY):
            newcomer.send(message)
        for device in devices:
            device.ping()
        gate.wait_metric("gatehouse_sessions", 5, listener="fleet")
        queued = gate.metric("gatehouse_backend_queued_bytes", backend="telemetry")
        expect(queued > 0, f"queued bytes while the backend is away: {queued}")

        backend.start()
        for name in names:
            check_arrived(backend, name, numbered(0, BEFORE + AWAY))
        check_arrived(backend, late, numbered(0, AWAY))
        opens = [record["generation"] for record in backend.wait_for(type="open", device=late)]
        expect_equal(opens[0], "1.2", "open record of the device that came while the backend was away")
        gate.wait_metric("gatehouse_backend_queued_bytes", 0, backend="telemetry")
        gate.wait_metric("gatehouse_backend_reconnects_total", lambda n: n >= 1, backend="telemetry")

        for device in [*devices, newcomer]:
            session = backend.select(type="data", device=device.device_id)[-1]["session"]
            backend.send_data(session, b"welcome back")
            expect_equal(device.recv(), b"welcome back", f"downlink to {device.device_id}")


run(main)
