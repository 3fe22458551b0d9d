"""What the gateway loses, or cannot say, is counted: nothing is dropped without a trace.

Datagrams for which the kernel had no room while the daemon did not read (`overflow`), HELLOs that come while it drains
(`draining`), error records for a backend that writes and does not read (which then take no more than `queue_limit`), and half a
record at the end of a backend's connection.
"""

import os
import signal

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import ONE, fleet
from support.hostile import expect_alive
from support.stranger import Stranger, any_hello
from support.stuck import OPTIONS, drain, fill_queue

DROPPED = "gatehouse_datagrams_dropped_total"
REFUSED = "gatehouse_backend_refused_records_total"
ERRORS_DROPPED = "gatehouse_backend_errors_dropped_total"
QUEUE = 64 << 10


def check_overflow():
    listener = {**UDP, "udp": {"receive_buffer": "64KiB"}}
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(1), listener=listener, workers=1) as gate:
        device = gate.connect_datagram(ONE)
        expect_alive(device)
        expect_equal(gate.metric(DROPPED, reason="overflow"), 0, "overflow in peace")
        with Stranger(gate.port) as stranger:
            gate.signal(signal.SIGSTOP)
            try:
                for _ in range(2000):
                    stranger.send(os.urandom(1000))
            finally:
                gate.signal(signal.SIGCONT)
            expect_alive(device)

            # The kernel says how many it dropped with the next datagram that it has room for.
            def is_counted():
                stranger.send(b"one more")
                return gate.metric(DROPPED, reason="overflow") >= 1000

            eventually(is_counted, "the kernel's loss is counted")


def check_draining():
    listeners = [{"name": "fleet"}, {"name": "datagrams", **UDP}]
    with Backend() as backend, Gatehouse(backend, fleet(1), listeners=listeners, backend_options=OPTIONS) as gate:
        device = gate.connect(ONE)
        fill_queue(gate, backend, device)
        expect_equal(gate.metric(DROPPED, reason="draining"), 0, "before the drain")
        drain(gate)
        device.expect_bye()
        with Stranger(gate.ports["datagrams"]) as stranger:

            def is_counted():
                stranger.send(any_hello())
                return gate.metric(DROPPED, reason="draining") > 0

            eventually(is_counted, "a HELLO during the drain is counted")
            expect_equal(stranger.listen(0.1), [], "answers to HELLOs during the drain")
        backend.resume()
        expect_equal(gate.wait_exit(), 0, "exit code")


def check_errors():
    options = {"queue_limit": "64KiB"}
    with Backend() as backend, Gatehouse(backend, fleet(1), workers=1, backend_options=options) as gate:
        (connection,) = backend.wait_connections(1)
        backend.pause()
        nonsense = b'{"type":"data","device":"nobody-here","text":"x","ref":"' + b"r" * 100 + b'"}\n'
        sent = 0

        def is_full():
            nonlocal sent
            backend.send_raw(nonsense * 1000, connection)
            sent += 1000
            return gate.metric(ERRORS_DROPPED, backend="telemetry") > 0

        eventually(is_full, "error records are dropped, and counted, when nobody reads them")
        gate.wait_metric(REFUSED, sent, backend="telemetry")
        queued = gate.metric("gatehouse_backend_queued_bytes", backend="telemetry")
        expect(queued <= QUEUE + 1024, f"{queued} bytes of error records wait")
        dropped = gate.metric(ERRORS_DROPPED, backend="telemetry")
        backend.resume()
        errors = backend.wait_for(sent - int(dropped), type="error")
        expect_equal(len(errors), sent - dropped, "error records that came")

        backend.send_raw(b'{"type":"data",', connection)
        connection.close()
        gate.wait_metric(REFUSED, sent + 1, backend="telemetry")
        gate.wait_log_record("backend disconnected", detail="closed by the backend in the middle of a record")
        backend.wait_connections(1)


def main():
    check_overflow()
    check_draining()
    check_errors()


run(main)
