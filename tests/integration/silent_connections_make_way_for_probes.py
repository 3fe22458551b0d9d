"""Connections that say nothing, or do not take their answer, switch off neither probes nor metrics nor administration.

Hundreds of connections to the metrics port and to both administration sockets are silent, or have sent half a header, or do not
read what they asked for: the oldest make way, so /livez, /readyz, /metrics and /v1/status are answered at once. On a socket
whose mode lets everybody connect, processes that may not use it take no place, and are told so; members of the group cannot
take the places of root. Whatever was refused or had to go is counted by endpoint and reason, and the log has few lines.
"""

import grp
import os
import socket
import time

from support.admin import Admin, admin_of
from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet

REFUSED = "gatehouse_endpoint_connections_refused_total"
PLACES = 64
CROWD = 200
SOON = 5.0  # seconds: far less than the time a silent connection has
HALF = b"GET /metrics HTTP/1.1\r\nHost: x\r\nX-"


def connect(where):
    if isinstance(where, int):
        return socket.create_connection(("127.0.0.1", where), timeout=10.0)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.settimeout(10.0)
    sock.connect(str(where))
    return sock


def crowd(where, first_words=b"", count=CROWD):
    made = []
    for _ in range(count):
        sock = connect(where)
        made.append(sock)
        try:
            sock.sendall(first_words)
        except OSError:
            pass  # it had to make way already
    return made


def promptly(what, ask):
    began = time.monotonic()
    answer = ask()
    expect(time.monotonic() - began < SOON, f"{what} took {time.monotonic() - began:.1f} s")
    return answer


def check_metrics(gate):
    for words in (b"", HALF):
        silent = crowd(gate.metrics_port, words)
        for path in ("/livez", "/readyz", "/metrics"):
            expect_equal(promptly(path, lambda: gate.get(path)[0]), 200, f"{path} beside a crowd")
        for sock in silent:
            sock.close()
    gate.wait_metric(REFUSED, lambda n: n >= 2 * (CROWD - PLACES), endpoint="metrics", reason="evicted")
    expect_equal(gate.metric(REFUSED, endpoint="metrics", reason="full"), 0, "refused for want of a place")


def check_unread_answers(gate):
    """Pipelined requests are not answered, so one answer each has to be larger than what the kernel takes."""
    asked = []
    for _ in range(CROWD):
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        sock.settimeout(10.0)
        sock.connect(("127.0.0.1", gate.metrics_port))
        sock.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        asked.append(sock)
    expect_equal(promptly("/livez", lambda: gate.get("/livez")[0]), 200, "/livez beside answers that nobody reads")
    for sock in asked:
        sock.close()


def check_admin(gate, admin, endpoint):
    for words in (b"", HALF, b"PUT /v1/log-level HTTP/1.1\r\nContent-Length: 60000\r\n\r\n{"):
        silent = crowd(admin.path, words)
        document = promptly("/v1/status", lambda: admin.get("/v1/status"))
        expect_equal(document["state"], "serving", "status beside a crowd")
        for sock in silent:
            sock.close()
    gate.wait_metric(REFUSED, lambda n: n >= CROWD - PLACES, endpoint=endpoint, reason="evicted")


class Stranger:
    """A process of another user that holds connections until it is told to leave."""

    def __init__(self, path, uid, gid, count):
        ready, self.told = os.pipe()
        waiting, go = os.pipe()
        self.child = os.fork()
        if self.child == 0:
            try:
                os.close(self.told)
                os.setgroups([])
                os.setgid(gid)
                os.setuid(uid)
                held = crowd(path, count=count)
                os.write(go, b"%d" % len(held))
                os.read(ready, 1)
            finally:
                os._exit(0)
        os.close(ready)
        os.close(go)
        expect_equal(int(os.read(waiting, 16) or 0), count, f"connections of user {uid}")
        os.close(waiting)

    def leave(self):
        os.close(self.told)
        os.waitpid(self.child, 0)


def check_strangers(gate, admin, monitor, gid):
    gate.directory.chmod(0o755)
    for where, endpoint in ((admin, "admin"), (monitor, "admin_read_only")):
        evicted = gate.metric(REFUSED, endpoint=endpoint, reason="evicted")
        stranger = Stranger(where.path, 54321, 54321, CROWD)
        promptly("/v1/status", lambda: where.get("/v1/status"))
        gate.wait_metric(REFUSED, lambda n: n >= CROWD, endpoint=endpoint, reason="forbidden")
        expect_equal(
            gate.metric(REFUSED, endpoint=endpoint, reason="evicted"), evicted, "who had to go for processes that may not"
        )
        stranger.leave()
    lines = gate.log_records("administration refused")
    expect(1 <= len(lines) < CROWD / 2, f"{len(lines)} lines of log")
    expect(all(line["uid"] == 54321 for line in lines), f"log: {lines[0]}")

    own = connect(admin.path)  # root's own silent connection is the oldest, and stays for the group's sake
    member = Stranger(admin.path, 54321, gid, CROWD)
    promptly("/v1/status", lambda: admin.get("/v1/status"))
    own.sendall(b"GET /v1/version HTTP/1.1\r\nHost: x\r\n\r\n")
    expect(own.recv(64).startswith(b"HTTP/1.1 200"), "root's connection outlives the group's crowd")
    own.close()
    member.leave()


def main():
    group = grp.getgrgid(grp.getgrnam("daemon").gr_gid)
    sockets = {
        "admin": {
            "socket": "admin.sock",
            "mode": "0666",
            "group": group.gr_name,
            "read_only": {"socket": "monitor.sock", "mode": "0666"},
        }
    }
    with Backend() as backend, Gatehouse(backend, fleet(1), settings=sockets) as gate:
        admin, monitor = admin_of(gate), Admin(gate.directory / "monitor.sock")
        zeros = gate.metrics()[REFUSED]
        expect_equal((len(zeros), sum(zeros.values())), (12, 0), "refusals at the start, by endpoint and reason")
        check_metrics(gate)
        check_unread_answers(gate)
        check_admin(gate, admin, "admin")
        check_admin(gate, monitor, "admin_read_only")
        if os.geteuid() == 0:
            check_strangers(gate, admin, monitor, group.gr_gid)
        eventually(lambda: gate.get("/livez")[0] == 200, "/livez afterwards")


run(main)
