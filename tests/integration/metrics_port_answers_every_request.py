"""Whatever HTTP comes to the metrics port gets an answer that fits it, and the port goes on.

Targets in absolute form are as good as others, whatever the host says. A body where none belongs, another method (with `Allow`), a
header that is too long, a version that is not spoken and bytes that are no HTTP are told so, with status and length, also
while the body is still coming. HEAD has the header of GET and no body. Each connection gets one answer.
"""

import socket

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet

HOST = b"Host: gatehouse\r\n"
WITH_BODY = b"Content-Length: 5\r\n\r\nhello"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
ANSWERS = [
    (b"GET /metrics HTTP/1.1\r\n" + HOST + b"\r\n", 200),
    (b"GET /metrics HTTP/1.0\r\n\r\n", 200),
    (b"GET http://127.0.0.1:9464/metrics HTTP/1.1\r\n" + HOST + b"\r\n", 200),
    (b"GET HTTP://Some.Host/livez HTTP/1.1\r\n" + HOST + b"\r\n", 200),
    (b"GET https://[::1]:1/readyz?x=y HTTP/1.1\r\n" + HOST + b"\r\n", 200),
    (b"GET http://host HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    (b"GET http://host?metrics HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    (b"GET http:///metrics HTTP/1.1\r\n" + HOST + b"\r\n", 200),
    (b"GET //host/metrics HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    (b"GET ftp://host/metrics HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    (b"GET /livez HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n\r\n", 200),
    (b"GET /livez HTTP/1.1\r\n" + HOST + WITH_BODY, 400),
    (b"GET /metrics HTTP/1.1\r\n" + HOST + CHUNKED, 400),
    (b"HEAD /metrics HTTP/1.1\r\n" + HOST + WITH_BODY, 400),
    (b"GET /metrics HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\n" + WITH_BODY, 400),
    (b"GET /metrics HTTP/1.1\r\n" + HOST + b"Content-Length: 100000000\r\n\r\n" + b"x" * 100_000, 400),
    (b"POST /metrics HTTP/1.1\r\n" + HOST + WITH_BODY, 405),
    (b"POST /metrics HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999999\r\n\r\n" + b"x" * 100_000, 405),
    (b"PUT /metrics HTTP/1.1\r\n" + HOST + CHUNKED, 405),
    (b"DELETE /metrics HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    (b"CONNECT host:1 HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    (b"TRACE /metrics HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    (b"BREW /metrics HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    (b"GET /metrics HTTP/1.1\r\n" + HOST + b"X: " + b"y" * 9000 + b"\r\n\r\n", 431),
    (b"GET /metrics HTTP/1.1\r\n" + HOST + b"X: y\r\n" * 5000 + b"\r\n", 431),
    (b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n\r\n", 431),
    (b"GET /metrics HTTP/2.0\r\n" + HOST + b"\r\n", 505),
    (b"GET /metrics HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n", 400),
    (b"GET /metrics HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400),
    (b"GET /metrics HTTP/1.1\r\nno colon\r\n\r\n", 400),
    (b"GET\r\n\r\n", 400),
    (b"\x00\x01\x02\x03\r\n\r\n", 400),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200, 400),
]


def exchange(port, data):
    """What comes until the daemon closes, while the connection stays open at this end."""
    with socket.create_connection(("127.0.0.1", port), timeout=10.0) as sock:
        sock.sendall(data)
        answer = b""
        while more := sock.recv(65536):
            answer += more
        return answer


def parse(answer, what):
    head, found, body = answer.partition(b"\r\n\r\n")
    expect(found, f"{what}: {answer[:200]!r} is no whole answer")
    status, *lines = head.decode().split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(status.split(" ")[1]), fields, body


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1)) as gate:
        for data, wanted in ANSWERS:
            shown = data[:90]
            status, fields, body = parse(exchange(gate.metrics_port, data), shown)
            expect_equal(status, wanted, f"status for {shown!r} ({body[:100]!r})")
            if not data.startswith(b"HEAD"):
                expect_equal(len(body), int(fields["content-length"]), f"length of the answer to {shown!r}")
            expect_equal(fields.get("connection", "close"), "close", f"Connection after {shown!r}")
            if wanted == 405:
                expect_equal(fields["allow"], "GET, HEAD", f"Allow for {shown!r}")
            if b"/metrics HTTP" in data and wanted == 200:
                expect(b"gatehouse_build_info" in body, f"metrics for {shown!r}")

        for path in ("/livez", "/readyz", "/metrics", "/nothing"):
            get, head = (
                parse(exchange(gate.metrics_port, b"%s %s HTTP/1.1\r\n\r\n" % (how, path.encode())), path)
                for how in (b"GET", b"HEAD")
            )
            expect_equal((head[0], head[2]), (get[0], b""), f"HEAD of {path}")
            expect_equal(head[1]["content-type"], get[1]["content-type"], f"Content-Type of {path}")
            expect(int(head[1]["content-length"]) > 0, f"Content-Length of {path}")
        two = b"GET /livez HTTP/1.1\r\n" + HOST + b"\r\n"
        expect_equal(exchange(gate.metrics_port, two * 2).count(b"HTTP/1.1 "), 1, "answers to two requests at once")
        expect_equal(gate.get("/livez")[0], 200, "/livez afterwards")


run(main)
