"""The administration sockets have the mode and group that is configured, and serve root and the group only.

A process under another user is told 403 `forbidden`, even where the file's mode lets it connect; a member of the configured
group, by its primary or a supplementary group, is served. The read-only socket answers questions and refuses every change
with 403 `read_only`. The attempt is in the log. Needs root, as it speaks under other users.
"""

import grp
import json
import os
import stat
import sys

from support.admin import Admin, admin_of
from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet

NOBODY = 65534
SOMEBODY = 54321  # no user of this machine
CHANGES = [
    ("POST", "/v1/reload"),
    ("POST", "/v1/drain"),
    ("PUT", "/v1/log-level"),
    ("POST", "/v1/sessions/0000000000000000/close"),
    ("POST", f"/v1/devices/{ONE}/psk"),
    ("POST", f"/v1/devices/{ONE}/revoke"),
    ("DELETE", f"/v1/devices/{ONE}"),
    ("POST", "/v1/export"),
]


def as_user(uid, gid, groups, ask):
    """What `ask` returns in a process of another user."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            os.setgroups(groups)
            os.setgid(gid)
            os.setuid(uid)
            with os.fdopen(writing, "w") as out:
                json.dump(ask(), out)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    expect(text, f"the process of user {uid} could not ask at all")
    return json.loads(text)


def check_file(path, mode, gid):
    facts = os.stat(path)
    expect(stat.S_ISSOCK(facts.st_mode), f"{path} is a socket")
    found = (stat.S_IMODE(facts.st_mode), facts.st_uid, facts.st_gid)
    expect_equal(found, (mode, os.geteuid(), gid), f"mode, user and group of {path.name}")


def main():
    if os.geteuid() != 0:
        print("skipped: needs root")
        sys.exit(0)
    group = grp.getgrgid(grp.getgrnam("daemon").gr_gid)
    sockets = {
        "admin": {
            "socket": "admin.sock",
            "mode": "0666",
            "group": group.gr_name,
            "read_only": {"socket": "monitor.sock", "mode": "0600"},
        }
    }
    with Backend() as backend, Gatehouse(backend, fleet(1), settings=sockets) as gate:
        admin, monitor = admin_of(gate), Admin(gate.directory / "monitor.sock")
        gate.directory.chmod(0o755)
        check_file(admin.path, 0o666, group.gr_gid)
        check_file(monitor.path, 0o600, 0)

        def ask(where=admin, path="/v1/version"):
            return where.ask("GET", path)

        for uid, gid, groups in ((NOBODY, NOBODY, []), (SOMEBODY, SOMEBODY, []), (SOMEBODY, 0, [0])):
            status, document = as_user(uid, gid, groups, ask)
            expect_equal((status, document["error"]["code"]), (403, "forbidden"), f"user {uid}, groups {groups}")
            gate.wait_log_record("administration refused", uid=uid)
        status, document = as_user(NOBODY, NOBODY, [], lambda: admin.ask("POST", "/v1/drain"))
        expect_equal((status, document["error"]["code"]), (403, "forbidden"), "a change by another user")
        for gid, groups in ((group.gr_gid, []), (SOMEBODY, [7, group.gr_gid, 9])):
            status, document = as_user(SOMEBODY, gid, groups, ask)
            expect_equal((status, document.get("api")), (200, 1), f"a member of the group: {gid}, {groups}")
        monitor.path.chmod(0o666)
        status, _ = as_user(SOMEBODY, group.gr_gid, [group.gr_gid], lambda: ask(monitor))
        expect_equal(status, 403, "the group of the other socket")

        for path in ("/v1/version", "/v1/status", "/v1/sessions", "/v1/keys", "/v1/devices", f"/v1/devices/{ONE}"):
            expect_equal(monitor.get(path).keys(), admin.get(path).keys(), f"the read-only socket answers {path}")
        for method, path in CHANGES:
            monitor.refused(method, path, 403, "read_only")
        gate.connect(ONE).ping()
        expect_equal(admin.get("/v1/status")["state"], "serving", "nothing was changed")


run(main)
