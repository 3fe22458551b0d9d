"""A request that the backend does not answer within `reply_timeout` is closed with `timeout`.

What the backend says afterwards is refused, the device hears nothing, and the same packet is not delivered again.
The backend may also close a request without a reply.
"""

import time

from support.backend import Backend
from support.expect import expect, expect_equal, run
from support.pssst_gate import PssstGate

LIMIT, LATEST = 0.5, 4.0


def main():
    with Backend() as backend, PssstGate(backend, ["meter-4"], pssst={"reply_timeout": "500ms"}) as gate:
        client = gate.client("meter-4")
        begun = time.monotonic()
        request = client.send(b"hello?")
        session = backend.opened("meter-4")["session"]
        closed = backend.closed(session, LATEST)
        lasted = time.monotonic() - begun
        expect_equal(closed["reason"], "timeout", "why it ended")
        expect(lasted >= 0.9 * LIMIT, f"closed after {lasted:.2f} s already")
        backend.send({"type": "data", "session": session, "payload": b"late"})
        backend.wait_for(1, type="error", session=session)
        client.post(request)
        gate.wait_result("repeated_unanswered", 1)
        expect_equal(client.take(0.05), None, "a late reply")
        expect_equal(len(backend.select(type="data")), 1, "messages at the backend")

        client.send(b"never mind")
        given_up = backend.opened("meter-4", 2)["session"]
        backend.send({"type": "close", "session": given_up})
        expect_equal(backend.closed(given_up)["reason"], "backend", "why the other ended")
        gate.wait_metric("gatehouse_sessions_closed_total", 1, listener="air", reason="timeout")


run(main)
