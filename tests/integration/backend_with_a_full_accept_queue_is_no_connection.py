"""A backend that listens but accepts nothing, with its queue full, does not count as connected again and again.

The backend's socket has a backlog that other connections fill. The daemon says once that it cannot be reached, its
gauge stays at 0, and nothing counts as a reconnection; when the backend serves again, messages arrive.
"""

import os
import socket
import time

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet

CONNECTED = "gatehouse_backend_connected"


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1), workers=1) as gate:
        path = backend.path
        device = gate.connect(ONE)
        backend.opened(ONE)
        backend.stop()
        if os.path.exists(path):
            os.unlink(path)
        with socket.socket(socket.AF_UNIX) as deaf:
            deaf.bind(path)
            fillers = [socket.socket(socket.AF_UNIX) for _ in range(3)]
            deaf.listen(0)
            for filler in fillers:
                filler.setblocking(False)
                filler.connect_ex(path)
            gate.wait_metric(CONNECTED, 0, backend="telemetry")
            before = len(gate.log_records("backend connected"))
            until = time.monotonic() + 4.0
            while time.monotonic() < until:
                expect_equal(gate.metric(CONNECTED, backend="telemetry"), 0, "connected")
                time.sleep(0.05)
            expect_equal(len(gate.log_records("backend connected")), before, "connections that the log speaks of")
            for filler in fillers:
                filler.close()
        os.unlink(path)
        device.send(b"still here")
        backend.start()
        expect_equal(backend.wait_data(ONE, 1), [b"still here"], "messages")
        expect(gate.is_running(), "the daemon runs")


run(main)
