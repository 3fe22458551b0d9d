"""SIGTERM: no new requests, but those under way get their replies, and then the daemon ends with exit status 0.

What was answered before is answered again meanwhile. A backend that does not answer holds the daemon no longer than
`shutdown_timeout`.
"""

import time

from support.backend import Backend
from support.expect import expect, expect_equal, run
from support.pssst_gate import PssstGate


def answered(backend):
    with PssstGate(backend, ["meter-4"], settings={"shutdown_timeout": "30s"}) as gate:
        client = gate.client("meter-4")
        before = client.send(b"before")
        backend.send_data(backend.opened("meter-4")["session"], b"reply")
        reply = client.take()
        waiting = client.send(b"under way")
        session = backend.opened("meter-4", 2)["session"]
        gate.terminate()
        gate.wait_log_record("draining")
        gate.drops_silently(client, client.request(b"new"), "limited")
        client.post(before)
        expect_equal(client.take(), reply, "the bytes of the repeated reply")
        expect(gate.is_running(), "it waits for the request")
        backend.send_data(session, b"just in time")
        expect_equal(waiting.open(client.take()), b"just in time", "the reply")
        expect_equal(gate.wait_exit(), 0, "the exit status")
        expect_equal(backend.closed(session)["reason"], "done", "why it ended")


def bounded(backend):
    opened = len(backend.select(type="open"))
    with PssstGate(backend, ["meter-4"], settings={"shutdown_timeout": "1s"}) as gate:
        gate.client("meter-4").send(b"hello?")
        session = backend.wait_for(opened + 1, type="open")[-1]["session"]
        begun = time.monotonic()
        gate.terminate()
        expect_equal(gate.wait_exit(), 0, "the exit status")
        lasted = time.monotonic() - begun
        expect(0.8 <= lasted < 6, f"it took {lasted:.1f} s")
        expect_equal(backend.closed(session)["reason"], "shutdown", "why it ended")


def main():
    with Backend() as backend:
        answered(backend)
        bounded(backend)


run(main)
