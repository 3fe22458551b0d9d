"""/livez, /readyz and /metrics answer 200, everything else 404, and odd HTTP does no harm.

Also: several requests on one connection, a HEAD or POST is no crash, and bytes that are no HTTP close only their own
connection.
"""

import http.client
import socket

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1)) as gate:
        for path in ("/livez", "/readyz", "/metrics", "/metrics?name=x"):
            expect_equal(gate.get(path)[0], 200, path)
        for path in ("/", "/nothing", "/metrics/x", "/readyz/../metrics", "/" + "x" * 2000):
            status = gate.get(path)[0]
            expect(400 <= status < 500, f"{path[:40]} answered {status}")
        expect_equal(gate.get("/nothing")[0], 404, "/nothing")

        for method in ("HEAD", "POST", "DELETE"):
            connection = http.client.HTTPConnection("127.0.0.1", gate.metrics_port, timeout=5)
            connection.request(method, "/metrics")
            status = connection.getresponse().status
            expect(status == 405 or (method == "HEAD" and status == 200), f"{method} answered {status}")
            connection.close()
        for nonsense in (b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"A" * 100000):
            with socket.create_connection(("127.0.0.1", gate.metrics_port), timeout=5) as raw:
                try:
                    raw.sendall(nonsense)
                    raw.shutdown(socket.SHUT_WR)
                    while raw.recv(4096):
                        pass
                except OSError:  # the daemon closed it already
                    pass
        expect_equal(gate.get("/livez")[0], 200, "/livez afterwards")


run(main)
