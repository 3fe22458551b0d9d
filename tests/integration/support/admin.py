"""The administration interface of a daemon under test: HTTP with JSON over its Unix socket.

    admin = Admin(gate.directory / "admin.sock")
    admin.get("/v1/status")["state"]
    admin.change("POST", "/v1/reload")
    admin.refused("GET", "/v1/devices/nobody", 400, "bad_request")
"""

import collections
import http.client
import json
import pathlib
import socket

from .expect import expect, expect_equal

Answer = collections.namedtuple("Answer", "status document")


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("gatehouse", timeout=timeout)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Admin:
    def __init__(self, path, timeout=10.0):
        self.path = pathlib.Path(path)
        self.timeout = timeout

    def text(self, method, path, body=None, headers=None):
        """(status, the answer's text); a dict as body is sent as JSON."""
        connection = _UnixConnection(self.path, self.timeout)
        try:
            connection.request(method, path, json.dumps(body) if isinstance(body, dict) else body, headers or {})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def ask(self, method, path, body=None):
        status, text = self.text(method, path, body)
        return Answer(status, json.loads(text))

    def get(self, path):
        answer = self.ask("GET", path)
        expect_equal(answer.status, 200, f"GET {path}: {answer.document}")
        return answer.document

    def change(self, method, path, body=None):
        answer = self.ask(method, path, body)
        expect_equal(answer.status, 200, f"{method} {path}: {answer.document}")
        return answer.document

    def post(self, path, body=None):
        return self.change("POST", path, body)

    def refused(self, method, path, status, code, body=None):
        """Returns the error's object."""
        answer = self.ask(method, path, body)
        error = answer.document.get("error", {})
        expect_equal((answer.status, error.get("code")), (status, code), f"{method} {path}: {answer.document}")
        expect(error.get("message"), f"{method} {path}: a message for people")
        return error

    def raw(self, data, timeout=None):
        """Sends bytes that http.client would not send; returns what came until the daemon closed."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            sock.settimeout(self.timeout if timeout is None else timeout)
            sock.connect(str(self.path))
            answer = b""
            try:
                sock.sendall(data)
                sock.shutdown(socket.SHUT_WR)
                while more := sock.recv(65536):
                    answer += more
            except (BrokenPipeError, ConnectionResetError):
                pass
            return answer


def admin_of(gate):
    return Admin(gate.directory / "admin.sock")
