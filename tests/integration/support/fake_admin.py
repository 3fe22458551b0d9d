"""A daemon as gatehousectl sees it: an HTTP server on a Unix socket with canned answers.

    with FakeAdmin({("GET", "/v1/version"): {"version": "1"}}) as admin:
        result = admin.run("version")

An answer is a document (200), (status, document), bytes that are sent as they are instead of HTTP, or a function that
takes the Request and returns one of these.
"""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import urllib.parse
from dataclasses import dataclass

TIME_LIMIT = 20.0


def ctl_binary():
    return os.environ["GATEHOUSECTL"]


def refusal(status, code, message, **more):
    return status, {"error": {"code": code, "message": message, **more}}


@dataclass
class Request:
    method: str
    path: str
    parameters: dict
    body: bytes

    def document(self):
        return json.loads(self.body)


class FakeAdmin:
    def __init__(self, answers=None):
        self.answers = answers or {}
        self.requests = []
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-ctl-"))
        self.path = self.directory / "admin.sock"
        self.listener = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def start(self):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen(16)
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def stop(self):
        if self.listener:
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None
            self.path.unlink(missing_ok=True)

    def arguments(self, *words):
        return [ctl_binary(), "--socket", str(self.path), *map(str, words)]

    def run(self, *words, stdin=subprocess.DEVNULL, **options):
        """Runs gatehousectl to its end, with its output in pipes."""
        return subprocess.run(
            self.arguments(*words), stdin=stdin, capture_output=True, text=True, timeout=TIME_LIMIT, **options
        )

    def _accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, connection.makefile("rb") as stream:
            try:
                self._answer(connection, self._read(stream))
            except OSError:
                pass

    def _read(self, stream):
        method, target, _ = stream.readline().decode().split()
        length = 0
        while (line := stream.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        path, _, query = target.partition("?")
        request = Request(method, urllib.parse.unquote(path), dict(urllib.parse.parse_qsl(query)), stream.read(length))
        self.requests.append(request)
        return request

    def _answer(self, connection, request):
        answer = self.answers.get((request.method, request.path))
        if callable(answer):
            answer = answer(request)
        if answer is None:
            answer = refusal(404, "unknown_path", f"no such path: {request.path}")
        if isinstance(answer, bytes):
            connection.sendall(answer)
            return
        status, document = answer if isinstance(answer, tuple) else (200, answer)
        body = document if isinstance(document, str) else json.dumps(document)
        body = body.encode()
        head = f"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
