"""A drain delivers what devices had sent before it, even when the backend was blocked at that moment.

With `queue_limit: 4KiB` the backend stops reading while a device sends 1200 messages, most of which stay unread in the
kernel. SIGTERM comes, and three seconds later the backend reads again: every message arrives, once and in order, before
the close record.
"""

import time

from support.backend import Backend, payload_of
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet

MESSAGES = 1200
STALL = 3.0


def main():
    options = {"queue_limit": "4KiB"}
    with Backend() as backend, Gatehouse(backend, fleet(1), backend_options=options, workers=1) as gate:
        device = gate.connect(ONE)
        session = backend.opened(ONE)["session"]
        backend.pause()
        for number in range(MESSAGES):
            device.send(b"%06d" % number + bytes(300))
        gate.terminate()
        until = time.monotonic() + STALL
        while time.monotonic() < until:
            expect(gate.is_running(), "the daemon waits for the backend")
            time.sleep(0.05)
        backend.resume()
        expect_equal(backend.closed(session, 20.0)["reason"], "shutdown", "reason of the close record")
        numbers = [int(payload_of(record)[:6]) for record in backend.select(type="data", device=ONE)]
        expect_equal(numbers, list(range(MESSAGES)), "numbers of the messages")
        expect_equal(gate.wait_exit(), 0, "exit status")


run(main)
