"""A line that is no JSON ends that backend connection with a log line; the gateway connects again and sessions stay.

Tried with plain text, cut-off JSON, a JSON value that is no object, bytes that are no UTF-8, and an endless line. After
each, the log names the backend, a new connection comes, and the device's session goes on talking.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import ONE, fleet
from support.hostile import expect_alive

LINES = [
    b"hello gateway, this is no JSON\n",
    b'{"type":"data","session":\n',
    b"[1,2,3]\n",
    b'{"type":"\xff\xfe"}\n',
    b'{"type":"' + b"x" * (4 << 20),
]


def main():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(1), workers=1) as gate:
        device = gate.connect(ONE)
        session = backend.opened(ONE)["session"]
        expect_alive(device)
        for count, line in enumerate(LINES, start=1):
            (connection,) = backend.wait_connections(1)
            try:
                backend.send_raw(line, connection)
            except OSError:
                pass  # ended before the whole line was sent
            eventually(lambda: not connection.alive, f"the connection ends after {line[:40]!r}")
            gate.wait_metric("gatehouse_backend_reconnects_total", lambda n: n >= count, backend="telemetry")
            backend.wait_connections(1)
            expect_alive(device)
        records = gate.log_records("backend disconnected")
        expect(len(records) >= 1 and all(r["backend"] == "telemetry" for r in records), f"log: {records}")
        expect_equal(backend.select(type="close"), [], "close records")
        expect_equal({r["session"] for r in backend.select(type="data")}, {session}, "session of the messages")


run(main)
