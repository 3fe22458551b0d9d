"""A drain ends after `shutdown_timeout` even when the backend never reads, and the exit code is still 0."""

import time

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet
from support.stuck import OPTIONS, fill_queue

LIMIT, LATEST = 2.0, 6.0


def main():
    settings = {"shutdown_timeout": "2s"}
    with Backend() as backend, Gatehouse(backend, fleet(1), backend_options=OPTIONS, settings=settings) as gate:
        device = gate.connect(ONE)
        fill_queue(gate, backend, device)
        begun = time.monotonic()
        gate.terminate()
        device.expect_bye()
        expect_equal(gate.wait_exit(LATEST), 0, "exit code")
        lasted = time.monotonic() - begun
        expect(lasted >= 0.9 * LIMIT, f"the daemon gave its backend only {lasted:.2f} s")


run(main)
