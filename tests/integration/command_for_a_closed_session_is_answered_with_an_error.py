"""A command for a session that is gone, or never was, comes back as an error record that names it.

A device leaves; data and close for its old session, and data for its device id, are answered with errors that carry the
session or device they are about, also when sent on another worker's connection. When the device is back under a new
session, commands by device id reach it, commands for the old session do not.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import ONE, fleet

WORKERS = 2


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1), workers=WORKERS) as gate:
        connections = backend.wait_connections(WORKERS)
        gate.connect(ONE).bye()
        old = backend.opened(ONE)["session"]
        backend.closed(old)
        gate.wait_metric("gatehouse_sessions", 0, listener="fleet")
        count = 0
        for connection in connections:
            for record in (
                {"type": "data", "session": old, "payload": b"too late"},
                {"type": "close", "session": old},
                {"type": "data", "device": ONE, "payload": b"too late"},
            ):
                backend.send(record, connection)
                count += 1
                answer = backend.wait_for(count, type="error")[-1]
                key = "device" if "device" in record else "session"
                expect_equal(answer.get(key), record[key], f"answer to {record}: {answer}")

        device = gate.connect(ONE)
        backend.opened(ONE, 2)
        for connection in connections:
            backend.send({"type": "data", "session": old, "payload": b"for the old session"}, connection)
            backend.send({"type": "data", "device": ONE, "payload": b"for the new one"}, connection)
        expect_equal([device.recv() for _ in connections], [b"for the new one"] * WORKERS, "commands received")
        backend.wait_for(count + WORKERS, type="error", deadline=5.0)


run(main)
