"""A drain waits for messages of UDP devices that the backend has not taken over yet.

The backend is away when a device sends a message, and SIGTERM comes. The daemon does not end; the device hears BYE, and
its message is not acknowledged. The backend comes back: it gets the message, and the daemon exits with 0.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet
from support.stuck import drain


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1), listener=UDP) as gate:
        device = gate.connect_datagram(ONE)
        session = backend.opened(ONE)["session"]
        backend.stop()
        gate.wait_metric("gatehouse_backend_connected", 0, backend="telemetry")
        frame = device.channel.seal(wire.DATA, b"last words")
        expect(not device.is_acknowledged(frame, 0.2), "UTACK without a backend")
        gate.wait_metric("gatehouse_messages_total", 1, listener="fleet", direction="up")
        drain(gate)
        device.expect_bye()
        expect(gate.is_running(), "the daemon waits for its backend")
        backend.start()
        expect_equal(gate.wait_exit(), 0, "exit code")
        expect_equal(backend.wait_data(ONE), [b"last words"], "messages")
        expect_equal(backend.closed(session)["reason"], "shutdown", "reason")


run(main)
