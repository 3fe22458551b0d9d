"""TCP's urgent byte is no way around the backend's queue limit.

With `queue_limit: 4KiB` the backend stops reading and a device sends until it is blocked; then it sends one urgent byte
and goes on. The queue stays where it was, and the session works again when the backend reads.
"""

import select
import socket
import time

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, run
from support.fleet import ONE, fleet

LIMIT = 4096
QUEUED = "gatehouse_backend_queued_bytes"


def send_for(device, seconds):
    """Sends as much as the gateway takes in that time, without ever waiting longer."""
    until = time.monotonic() + seconds
    device.socket.setblocking(False)
    unsent = b""
    while (left := until - time.monotonic()) > 0:
        if not unsent:
            (unsent,) = device.channel.seal_message(bytes(440))
        if select.select([], [device.socket], [], left)[1]:
            unsent = unsent[device.socket.send(unsent) :]


def main():
    options = {"queue_limit": "4KiB"}
    with Backend() as backend, Gatehouse(backend, fleet(1), backend_options=options, workers=1) as gate:
        device = gate.connect(ONE)
        backend.opened(ONE)
        backend.pause()
        send_for(device, 1.0)
        before = gate.metric(QUEUED, backend="telemetry")
        for _ in range(3):
            device.socket.send(b"!", socket.MSG_OOB)
            send_for(device, 0.5)
        after = gate.metric(QUEUED, backend="telemetry")
        backend.resume()
        expect(after <= before + LIMIT, f"queued bytes: {before} before the urgent bytes, {after} after")


run(main)
