"""Messages that a device has not acknowledged when its session ends are reported, in order, before the close record.

For each end - BYE of the device, a close record of the backend, a new handshake, SIGTERM - three messages wait: the
one that is being sent and two behind it. Each is reported once, with its seq.
"""

from support.backend import Backend, payload_of
from support.daemon import UDP, Gatehouse
from support.expect import expect_equal, run
from support.fleet import fleet

TEXTS = [b"one", b"two", b"three"]


def bye(gate, backend, device, session):
    device.bye()
    return "bye"


def close(gate, backend, device, session):
    backend.send({"type": "close", "session": session})
    return "backend"


def restart(gate, backend, device, session):
    device.successor().handshake()
    return "replaced"


def stop(gate, backend, device, session):
    gate.terminate()
    return "shutdown"


ENDS = (bye, close, restart, stop)


def main():
    devices = fleet(len(ENDS))
    with Backend() as backend, Gatehouse(backend, devices, listener=UDP) as gate:
        for device_id, end in zip(devices, ENDS):
            device = gate.connect_datagram(device_id)
            session = backend.opened(device_id)["session"]
            device.acknowledges = lambda kind: False
            for text in TEXTS:
                backend.send_data(session, text)
            backend.wait_executed(session)
            reason = end(gate, backend, device, session)
            what = f"ended by {end.__name__}"
            expect_equal(backend.closed(session, 20.0)["reason"], reason, f"{what}: reason")
            records = [r for r in backend.select(session=session) if r["type"] in ("undelivered", "close")]
            expect_equal([r["type"] for r in records], ["undelivered"] * 3 + ["close"], f"{what}: records")
            expect_equal([r["seq"] for r in records[:3]], [1, 2, 3], f"{what}: seq")
            expect_equal([payload_of(r) for r in records[:3]], TEXTS, f"{what}: messages")
        expect_equal(gate.wait_exit(), 0, "exit code")


run(main)
