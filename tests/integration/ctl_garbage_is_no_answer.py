"""What is no HTTP, no JSON, no object, broken off, or an error without a reason is one clear line and exit 1."""

from support.expect import expect, expect_equal, run
from support.fake_admin import FakeAdmin

ANSWERS = [
    b"",
    b"SSH-2.0-OpenSSH_9.2\r\n",
    b"\x00\xff" * 3000,
    b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
    b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{",
    b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100000,
    (200, "hello"),
    (200, "[1, 2]"),
    (200, '{"state": "\\u001b'),
    (200, "[" * 5000),
    (500, "<html>"),
    (500, "{}"),
    (301, "{}"),
]
STRANGE = [
    {"state": 7, "uptime": "x", "config": [], "listeners": {"a": 1}, "backends": [None, 1, "x", []]},
    {"uptime": 1e308, "listeners": [{"handshakes": {"ok": -1, "x": 1e300}, "messages": 5}]},
    {},
]


def main():
    said = None
    with FakeAdmin({("GET", "/v1/status"): lambda _: said}) as admin:
        for said in ANSWERS:
            for form in ([], ["--json"]):
                result = admin.run("status", *form)
                expect_equal(result.returncode, 1, f"exit status for {str(said)[:60]}")
                expect(result.stderr.startswith("gatehousectl: "), f"for {str(said)[:60]}: {result.stderr}")
                expect_equal(result.stderr.count("\n"), 1, f"lines for {str(said)[:60]}: {result.stderr}")
        for said in STRANGE:
            result = admin.run("status")
            expect_equal(result.returncode, 0, f"{said} is shown as far as it is understood: {result.stderr}")


run(main)
