"""A session whose frames the gateway leaves unread, because its backend is away, does not end as idle.

With `idle_timeout: 1s` and `queue_limit: 4KiB` the backend stops reading and a device sends until the gateway stops
taking its frames. Three idle timeouts later the session is still there, and when the backend reads again every message
arrives, once and in order.
"""

import time

from support.backend import Backend, payload_of
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import ONE, fleet

MESSAGES = 3000
IDLE = 1.0


def main():
    options = {"queue_limit": "4KiB"}
    listener = {"idle_timeout": "1s"}
    with Backend() as backend, Gatehouse(
        backend, fleet(1), listener=listener, backend_options=options, workers=1
    ) as gate:
        device = gate.connect(ONE)
        backend.opened(ONE)
        backend.pause()
        for number in range(MESSAGES):
            device.send(f"{number:06d}".encode() + bytes(300))
        until = time.monotonic() + 3.5 * IDLE
        while time.monotonic() < until:
            expect_equal(gate.metric("gatehouse_sessions", listener="fleet"), 1, "sessions while the backend is away")
            time.sleep(0.1)
        backend.resume()
        records = backend.wait_for(MESSAGES, 20.0, type="data", device=ONE)
        numbers = [int(payload_of(record)[:6]) for record in records]
        expect_equal(numbers, list(range(MESSAGES)), "numbers of the messages")


run(main)
