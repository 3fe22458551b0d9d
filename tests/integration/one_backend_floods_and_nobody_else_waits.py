"""A backend that floods commands for sessions of other workers takes no memory, and holds up no device of another backend.

For some seconds the backend writes as fast as it is read, on all four connections, commands for devices of other workers: data by
session and by device, for devices that do not read, for sessions that there are not, larger than any device takes, and closes of
nobody. What is under way between workers stays within its bound, the gauge of unread connections shows why the backend is not read
faster, the daemon does not grow, and every message of the other backend's devices makes its round in time. Afterwards everything
is as before: the flooding backend's own devices are served, in order, and nothing is under way.
"""

import threading
import time

from support.backend import Backend
from support.daemon import Gatehouse, free_means_free
from support.expect import expect, expect_equal, run
from support.fleet import fleet

WORKERS = 4
SECONDS = 6.0
MIB = 1 << 20
BOUND = WORKERS * ((256 << 10) + (64 << 10))
LONGEST_ROUND = 2.0  # on a loaded machine; without the bound it was five seconds and more


class Flood:
    """Writes one block again and again, on one connection, until told to stop; whole records only."""

    def __init__(self, connection, block):
        self.connection = connection
        self.block = block
        self.running = True
        self.sent = 0
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while self.running:
            self.connection.send_bytes(self.block)
            self.sent += len(self.block)

    def stop(self):
        self.running = False
        self.thread.join(60.0)
        expect(not self.thread.is_alive(), "the last block is read, too")


def block_for(connection, sessions, names):
    """Half a megabyte of commands for sessions of other workers than the connection's."""
    others = [s for s in sessions if int(s[:2], 16) != connection.worker]
    expect(others, f"no sessions on other workers than {connection.worker}")
    encode = connection.codec.encode
    text = b""
    for session, name in zip(others * len(names), names * len(others)):
        nobody = session[:2] + "0000" + "f" * 10
        text += encode({"type": "data", "session": session, "payload": b"x" * 1800}) * 3
        text += encode({"type": "data", "device": name, "payload": b"y" * 1000})
        text += encode({"type": "data", "session": nobody, "payload": b"z"}) * 20
        text += encode({"type": "data", "session": session, "payload": bytes(5000)})
        text += encode({"type": "close", "session": nobody}) * 20
    return text * max(1, (MIB // 2) // len(text))


def watch(gate, device, seconds):
    """The longest round of the quiet device's messages meanwhile, and what the metrics showed at most."""
    longest, most_bytes, most_unread = 0.0, 0, 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        device.send(b"still here")
        expect_equal(device.recv(timeout=60.0), b"still here", "echo of the other backend")
        longest = max(longest, time.monotonic() - began)
        metrics = gate.metrics()
        of_flood = frozenset({("backend", "telemetry")})
        most_bytes = max(most_bytes, metrics["gatehouse_backend_forwarded_bytes"][of_flood])
        most_unread = max(most_unread, metrics["gatehouse_backend_unread_connections"][of_flood])
        time.sleep(0.01)
    return longest, most_bytes, most_unread


def main():
    free_means_free()
    with Backend() as backend, Backend(echo=True) as quiet:
        listeners = [{"name": "fleet"}, {"name": "alarms", "backend": "alarms"}]
        backends = {
            "telemetry": {"socket": backend.path, "format": "ndjson", "downlink_limit": "16KiB"},
            "alarms": {"socket": quiet.path, "format": "ndjson"},
        }
        with Gatehouse(
            backend, fleet(12), listeners=listeners, workers=WORKERS, settings={"backends": backends}
        ) as gate:
            names = list(gate.devices)
            flooded = {name: gate.connect(name, port=gate.ports["fleet"]) for name in names[:8]}
            sessions = {name: backend.opened(name)["session"] for name in flooded}
            steady = gate.connect(names[8], port=gate.ports["alarms"])
            steady.send(b"first")
            steady.recv()
            connections = backend.wait_connections(WORKERS)
            before = gate.resident_bytes()
            floods = [Flood(c, block_for(c, list(sessions.values()), list(flooded))) for c in connections]
            longest, most_bytes, most_unread = watch(gate, steady, SECONDS)
            grown = gate.resident_bytes() - before
            for flood in floods:
                flood.stop()
            print(
                f"{sum(f.sent for f in floods) >> 20} MiB of commands, longest round {longest * 1000:.0f} ms, "
                f"grown by {grown >> 20} MiB, {most_bytes / 1024:.0f} KiB under way, {most_unread:.0f} unread"
            )
            expect(longest < LONGEST_ROUND, f"a message of the other backend's device took {longest:.1f} s")
            expect(grown < 64 * MIB, f"the daemon grew by {grown >> 20} MiB")
            expect(0 < most_bytes <= BOUND, f"{most_bytes} bytes were under way between workers")
            pauses = gate.metric("gatehouse_backend_reading_pauses_total", backend="telemetry")
            expect(pauses > 0, "the flooding backend was left unread now and then")
            expect_equal(gate.metric("gatehouse_backend_reading_pauses_total", backend="alarms"), 0, "the other one")
            for metric in ("gatehouse_backend_forwarded_bytes", "gatehouse_backend_unread_connections"):
                gate.wait_metric(metric, 0, backend="telemetry")
            check_order(gate, backend, names, connections)
            expect_equal(quiet.select(type="error"), [], "errors of the other backend")


def check_order(gate, backend, names, connections):
    """A device that reads gets what comes on another worker's connection, all of it and in order."""
    device = gate.connect(names[9], port=gate.ports["fleet"])
    session = backend.opened(names[9])["session"]
    away = next(c for c in connections if c.worker != int(session[:2], 16))
    for number in range(300):
        by = {"session": session} if number % 2 else {"device": names[9]}
        backend.send({"type": "data", **by, "payload": b"by %s %d" % (list(by)[0].encode(), number)}, away)
    got = [device.recv() for _ in range(300)]
    for how in (b"session", b"device"):
        numbers = [int(text.split()[2]) for text in got if text.split()[1] == how]
        expect_equal(numbers, sorted(numbers), f"order of the commands by {how.decode()}")
        expect_equal(len(numbers), 150, f"commands by {how.decode()}")


run(main)
