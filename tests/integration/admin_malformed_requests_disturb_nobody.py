"""Whatever is said to the administration socket gets an answer of 400 or more, or none; the daemon goes on.

Unknown paths, wrong methods, bodies that are no JSON or have members of their own, parameters that stand twice, are unknown
or badly written, endless headers, bytes that are no HTTP, and half requests. Changes to devices that stand in a file are
`not_managed`. Afterwards sessions are as before, devices get in, and questions are answered, several on one connection.
"""

import http.client
import json
import socket

from support.admin import admin_of
from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, TWO, fleet
from support.hostile import expect_alive

ANSWERED = [
    ("GET", "/", 404, "unknown_path", None),
    ("GET", "/metrics", 404, "unknown_path", None),
    ("GET", "/v1", 404, "unknown_path", None),
    ("GET", "/v1/", 404, "unknown_path", None),
    ("GET", "/v1/status/", 404, "unknown_path", None),
    ("GET", "/v2/status", 404, "unknown_path", None),
    ("GET", "/v1/keys/a/b/stale", 404, "unknown_path", None),
    ("GET", "/v1/../v1/status", 404, "unknown_path", None),
    ("POST", "/v1/status", 405, "bad_method", None),
    ("DELETE", "/v1/reload", 405, "bad_method", None),
    ("BREW", "/v1/reload", 405, "bad_method", None),
    ("GET", "/v1/%73tatus", 200, None, None),
    ("GET", "/v1/stat%", 400, "bad_request", None),
    ("GET", "/v1/stat%zz", 400, "bad_request", None),
    ("GET", "/v1/sessions?limit=1&limit=2", 400, "bad_request", None),
    ("GET", "/v1/sessions?limit", 400, "bad_request", None),
    ("GET", "/v1/sessions?limit=%zz", 400, "bad_request", None),
    ("GET", "/v1/sessions?limit=99999999999999999999999", 400, "bad_request", None),
    ("GET", "/v1/status?limit=1", 400, "bad_request", None),
    ("GET", "/v1/devices/%00", 400, "bad_request", None),
    ("GET", "/v1/devices/" + "0" * 5000, 400, "bad_request", None),
    ("PUT", "/v1/log-level", 400, "bad_request", "{"),
    ("PUT", "/v1/log-level", 400, "bad_request", "[]"),
    ("PUT", "/v1/log-level", 400, "bad_request", '"debug"'),
    ("PUT", "/v1/log-level", 400, "bad_request", '{"level": "debug"} {"level": "info"}'),
    ("PUT", "/v1/log-level", 400, "bad_request", '{"level": "debug", "colour": 1}'),
    ("PUT", "/v1/log-level", 400, "bad_request", '{"level": {"level": "debug"}}'),
    ("POST", f"/v1/devices/{ONE}/revoke", 400, "bad_request", '{"id": 7}'),
    ("POST", f"/v1/devices/{ONE}/revoke", 400, "bad_request", '{"id": null}'),
    ("POST", "/v1/devices", 400, "bad_request", '{"device": "02:00:00:00:00:09", "key": "hex:00"}'),
    ("PUT", "/v1/log-level", 400, "bad_request", '{"level": "\xff"}'.encode("latin-1")),
    ("PUT", "/v1/log-level", 400, "bad_request", "[" * 5000),
    ("POST", "/v1/reload", 400, "bad_request", '{"now": true}'),
    ("POST", "/v1/devices", 409, "not_managed", json.dumps({"device": TWO, "key": {}})),
    ("POST", f"/v1/devices/{ONE}/rotate", 409, "not_managed", "{}"),
    ("POST", f"/v1/devices/{ONE}/revoke", 409, "not_managed", None),
    ("POST", f"/v1/devices/{ONE}/enable", 409, "not_managed", None),
    ("POST", f"/v1/devices/{ONE}/disable", 409, "not_managed", None),
    ("DELETE", f"/v1/devices/{ONE}", 409, "not_managed", None),
    ("POST", "/v1/import", 409, "not_managed", "version: 1\ndevices: {}\n"),
    ("POST", "/v1/export", 409, "not_managed", None),
]
RAW = [
    b"",
    b"\n",
    b"\0\1\2\3" * 100,
    b"GET\r\n\r\n",
    b"GET /v1/status HTTP/9.9\r\n\r\n",
    b"GET /v1/status HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
    b"GET /v1/status HTTP/1.1\r\nLong: " + b"x" * 100_000 + b"\r\n\r\n",
    b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n\r\n",
    b"GET /v1/status HTTP/1.1\r\nHost",
    b"PUT /v1/log-level HTTP/1.1\r\nContent-Length: 100\r\n\r\n{",
    b"PUT /v1/log-level HTTP/1.1\r\nContent-Length: -1\r\n\r\n{}",
    b"PUT /v1/log-level HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n{}",
    b"PUT /v1/log-level HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}",
]


def check_raw(admin):
    for data in RAW:
        answer = admin.raw(data)
        if answer:
            status = int(answer.split(b" ", 2)[1])
            expect(400 <= status < 600, f"{data[:60]!r}: {answer[:200]!r}")
    expect_equal(admin.get("/v1/log-level"), {"level": "debug"}, "the log level, that some wanted to change")


def check_keep_alive(admin):
    connection = http.client.HTTPConnection("gatehouse", timeout=10.0)
    connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.sock.settimeout(10.0)
    connection.sock.connect(str(admin.path))
    for path, wanted in (("/v1/version", 200), ("/v1/nothing", 404), ("/v1/keys", 200), ("/v1/status", 200)) * 3:
        connection.request("GET", path)
        response = connection.getresponse()
        document = json.loads(response.read())
        expect_equal((response.status, "error" in document), (wanted, wanted != 200), f"{path} on one connection")
        expect_equal(response.getheader("Content-Type"), "application/json", "the type of the answer")
    connection.close()


def main():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(2)) as gate:
        admin = admin_of(gate)
        device = gate.connect(ONE)
        for method, path, status, code, body in ANSWERED:
            if status == 200:
                expect_equal(admin.ask(method, path, body).status, 200, f"{method} {path}")
            else:
                admin.refused(method, path, status, code, body)
        check_raw(admin)
        half = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)  # and stays so while the daemon ends
        half.connect(str(admin.path))
        half.sendall(b"GET /v1/sta")
        check_keep_alive(admin)
        expect_alive(device)
        expect_alive(gate.connect(TWO))
        expect_equal(admin.get("/v1/status")["config"]["generation"], 1, "the generation")
        expect_equal(backend.select(type="close"), [], "close records")


run(main)
