"""A backend that stops reading makes the gateway stop reading from devices; nothing is lost, nothing grows.

With `queue_limit: 64KiB` the backend stops reading and a device sends until its sends block, which they must after what
the sockets' buffers and the queue hold. Meanwhile the gateway's queue stays near the limit, the session stays, and a
new device gets in. When the backend reads again, every message arrives exactly once and in order.
"""

import select
import socket
import struct
import time

from support.backend import Backend, payload_of
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, TWO, fleet

LIMIT = 64 * 1024
AT_MOST = 40000  # messages: far more than any buffers hold
STALLED = 1.0  # seconds without progress that count as blocked
FILLER = bytes(440)
QUEUED = "gatehouse_backend_queued_bytes"


class Sender:
    """Sends numbered messages without ever waiting longer than STALLED for room."""

    def __init__(self, device):
        self.device = device
        self.count = 0
        self.unsent = b""

    def flush(self):
        """True when everything is sent, False when the gateway stopped taking bytes."""
        sock = self.device.socket
        sock.setblocking(False)
        while self.unsent and select.select([], [sock], [], STALLED)[1]:
            self.unsent = self.unsent[sock.send(self.unsent) :]
        sock.settimeout(self.device.timeout)
        return not self.unsent

    def send_until_blocked(self):
        while self.count < AT_MOST:
            (self.unsent,) = self.device.channel.seal_message(struct.pack("<I", self.count) + FILLER)
            self.count += 1
            if not self.flush():
                return
        raise AssertionError(f"{AT_MOST} messages were taken although the backend does not read")


def main():
    options = {"queue_limit": "64KiB"}
    with Backend() as backend, Gatehouse(backend, fleet(2), backend_options=options) as gate:
        device = gate.device(ONE).open()
        device.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        device.handshake()
        backend.opened(ONE)
        backend.pause()

        sender = Sender(device)
        sender.send_until_blocked()
        queued = gate.metric(QUEUED, backend="telemetry")
        expect(0 < queued <= 4 * LIMIT, f"queued bytes: {queued}, with a limit of {LIMIT}")
        gate.connect(TWO)
        gate.wait_metric("gatehouse_sessions", 2, listener="fleet")

        backend.resume()
        deadline = time.monotonic() + 20.0
        while not sender.flush():
            expect(time.monotonic() < deadline, "the gateway takes the rest")
        records = backend.wait_for(sender.count, 20.0, type="data", device=ONE)
        numbers = [struct.unpack_from("<I", payload_of(record))[0] for record in records]
        expect_equal(numbers, list(range(sender.count)), "numbers of the messages")
        expect_equal([r["seq"] for r in records], list(range(1, sender.count + 1)), "seq")
        gate.wait_metric(QUEUED, 0, backend="telemetry")


run(main)
