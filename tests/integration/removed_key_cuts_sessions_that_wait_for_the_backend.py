"""A session whose frames are left unread, because the backend takes nothing, is cut at once when its key is removed.

The backend stops reading until the gateway stops reading from the device too. The key is removed: the device gets BYE, and
the session is gone from the metrics, while the backend still reads nothing. When the backend reads again it is told
`revoked`; a device with another key has lost nothing.
"""

from support.backend import Backend
from support.changes import change_credentials
from support.daemon import Gatehouse
from support.expect import eventually, expect_equal, run
from support.fleet import fleet

MESSAGE, MESSAGES = bytes(1000), 600  # more than the backend's socket and the queue take
QUEUE = 4096


def main():
    devices = fleet(2)
    gone, stays = devices
    options = {"queue_limit": "4KiB"}
    with Backend() as backend, Gatehouse(backend, devices, backend_options=options, workers=1) as gate:
        device, other = gate.connect(gone), gate.connect(stays)
        session = backend.opened(gone)["session"]
        backend.opened(stays)
        backend.pause()
        for _ in range(MESSAGES):
            device.send(MESSAGE)
        gate.wait_metric("gatehouse_backend_queued_bytes", lambda size: size >= QUEUE, backend="telemetry")
        change_credentials(gate, {stays: devices[stays]})
        device.expect_bye()
        gate.wait_metric("gatehouse_sessions_closed_total", 1, listener="fleet", reason="revoked")
        eventually(lambda: gate.metric("gatehouse_sessions", listener="fleet") == 1, "one session is left")
        backend.resume()
        expect_equal(backend.closed(session)["reason"], "revoked", "reason")
        other.send(b"all is well")
        expect_equal(backend.wait_data(stays), [b"all is well"], "messages of the other device")
        other.ping()


run(main)
