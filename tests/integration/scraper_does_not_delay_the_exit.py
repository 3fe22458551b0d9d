"""A connection that idles on the metrics port does not keep the daemon from ending.
"""

import socket
import time

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1)) as gate:
        with socket.create_connection(("127.0.0.1", gate.metrics_port)) as scraper:
            scraper.sendall(b"GET /met")
            begun = time.monotonic()
            gate.terminate()
            expect_equal(gate.wait_exit(), 0, "exit status")
            expect(time.monotonic() - begun < 3.0, "it took no longer than a drain takes")


run(main)
