"""What an administration socket reads is bounded: a request is judged by its header, and only `import` may be large.

Requests with bodies of hundreds of megabytes, announced or in chunks, to commands that do not exist, are not for this socket, or take
small documents only, are refused at once, before the body has come, and the daemon's memory does not grow. Documents may
have 64 KiB. An import may be larger, on the full socket; several at once share one bound, and those beyond it are told `busy`. Targets in
absolute form are understood, other methods are told which ones there are, and `Expect: 100-continue` is answered.
"""

import json
import socket
import threading

from support.admin import Admin, admin_of
from support.backend import Backend
from support.daemon import Gatehouse, free_means_free
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet

MIB = 1 << 20
HUGE = 249 * MIB
CHUNK = b"10000\r\n" + b"x" * 65536 + b"\r\n"
GROWTH = 24 * MIB


class Upload:
    """A request whose body is sent by a thread until the daemon has had enough."""

    def __init__(self, path, method, target, *, length=None, sent=HUGE):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(20.0)
        self.sock.connect(str(path))
        how = f"Content-Length: {length}" if length is not None else "Transfer-Encoding: chunked"
        self.sock.sendall(f"{method} {target} HTTP/1.1\r\nHost: x\r\n{how}\r\n\r\n".encode())
        self.part = b"x" * 65536 if length is not None else CHUNK
        self.left = sent
        self.thread = threading.Thread(target=self._send, daemon=True)
        self.thread.start()

    def _send(self):
        try:
            while self.left > 0:
                self.sock.sendall(self.part)
                self.left -= len(self.part)
        except OSError:
            pass

    def answer(self):
        data = b""
        try:
            while b"\r\n\r\n" not in data or not data.endswith(b"}\n"):
                more = self.sock.recv(65536)
                if not more:
                    break
                data += more
        except ConnectionResetError:
            pass
        head, _, body = data.partition(b"\r\n\r\n")
        expect(head, "an answer to a large request")
        return int(head.split(b" ")[1]), json.loads(body)["error"]["code"]

    def close(self):
        self.sock.close()
        self.thread.join(10.0)


def check_refused(gate, path, requests):
    before = gate.resident_bytes()
    for method, target, wanted in requests:
        for length in (HUGE, None):
            uploads = [Upload(path, method, target, length=length) for _ in range(12)]
            for upload in uploads:
                expect_equal(upload.answer(), wanted, f"{method} {target}, length {length}")
            for upload in uploads:
                upload.close()
    grown = gate.resident_bytes() - before
    expect(grown < GROWTH, f"the daemon grew by {grown >> 20} MiB")


def check_documents(admin):
    room = 64 << 10
    fits = '{"level": "debug"' + " " * (room - 18) + "}"
    expect_equal(len(fits), room, "size of a document")
    expect_equal(admin.ask("PUT", "/v1/log-level", fits).status, 200, "a document of 64 KiB")
    admin.refused("PUT", "/v1/log-level", 413, "too_large", fits + " ")
    expect_equal(admin.ask("GET", "/v1/status").status, 200, "what comes next")


def check_imports(gate, admin):
    """The set stands in a file, so the command is refused in the end: what counts is that its body is read."""
    admin.refused("POST", "/v1/import", 409, "not_managed", "# " + "x" * (2 * MIB) + "\n")
    before = gate.resident_bytes()
    held = [Upload(admin.path, "POST", "/v1/import", length=HUGE, sent=1) for _ in range(1)]
    eventually(lambda: held[0].left <= 0, "the first import has begun")
    later = [Upload(admin.path, "POST", "/v1/import", length=HUGE, sent=1) for _ in range(3)]
    for upload in later:
        expect_equal(upload.answer(), (503, "busy"), "an import beside one that holds the bound")
    expect_equal(admin.get("/v1/status")["state"], "serving", "small requests beside a large one")
    expect_equal(admin.ask("PUT", "/v1/log-level", {"level": "debug"}).status, 200, "a small document beside a large one")
    for upload in held + later:
        upload.close()
    expect(gate.resident_bytes() - before < GROWTH, "memory for imports that did not come")
    eventually(
        lambda: admin.ask("POST", "/v1/import", "# " + "x" * (2 * MIB)).status == 409, "imports are possible again"
    )


def check_form(admin):
    status, text = admin.text("GET", "http://gatehouse/v1/version")
    expect_equal((status, json.loads(text)["api"]), (200, 1), "a target in absolute form")
    for method, target, allowed in (
        ("DELETE", "/v1/status", "GET"),
        ("PATCH", "/v1/log-level", "GET, PUT"),
        ("HEAD", "/v1/devices", "GET, POST"),
    ):
        answer = admin.raw(f"{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        expect(answer.startswith(b"HTTP/1.1 405"), f"{method} {target}: {answer[:60]!r}")
        expect(f"\r\nAllow: {allowed}\r\n".encode() in answer, f"Allow for {method} {target}: {answer[:200]!r}")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(10.0)
        sock.connect(str(admin.path))
        head = "PUT /v1/log-level HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 18\r\n\r\n"
        sock.sendall(head.encode())
        expect_equal(sock.recv(1024), b"HTTP/1.1 100 Continue\r\n\r\n", "a go-ahead for the body")
        sock.sendall(b'{"level": "debug"}')
        expect(sock.recv(1024).startswith(b"HTTP/1.1 200 "), "the answer after it")
    for head, status in (
        (b"GET /v1/status HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n", b"431"),
        (b"GET /v1/status HTTP/3.0\r\n\r\n", b"505"),
        (b"nonsense\r\n\r\n", b"400"),
    ):
        answer = admin.raw(head)
        expect_equal(answer.split(b" ")[1], status, f"status for {head[:40]!r}")
        expect(json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["message"], "and why")


def main():
    free_means_free()
    sockets = {"admin": {"socket": "admin.sock", "read_only": {"socket": "monitor.sock"}}}
    with Backend() as backend, Gatehouse(backend, fleet(1), settings=sockets) as gate:
        admin, monitor = admin_of(gate), Admin(gate.directory / "monitor.sock")
        check_form(admin)
        check_documents(admin)
        check_refused(
            gate,
            monitor.path,
            [
                ("POST", "/v1/import", (403, "read_only")),
                ("POST", "/v1/nothing", (404, "unknown_path")),
                ("GET", "/v1/status", (413, "too_large")),
            ],
        )
        check_refused(
            gate,
            admin.path,
            [
                ("DELETE", "/v1/import", (405, "bad_method")),
                ("POST", "/v1/import?x=y", (400, "bad_request")),
                ("POST", "/v1/devices", (413, "too_large")),
            ],
        )
        check_imports(gate, admin)
        admin.get("/v1/status")


run(main)
