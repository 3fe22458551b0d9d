"""Every command that was asked for leaves an audit line: those that were done, refused for lack of rights, malformed, or that failed.

Over the read-only socket, with a body that is no JSON, with an unknown member, for a set that does not exist. Who may not use the
socket at all leaves a line with `connect`. Without a file the lines stand in the log, whatever its level. Reading leaves none.
"""

import json
import os

from support.admin import Admin, admin_of
from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet

SOMEBODY = 54321  # no user of this machine
SOCKETS = {"socket": "admin.sock", "mode": "0666", "read_only": {"socket": "monitor.sock", "mode": "0666"}}
READ_ONLY = [
    ("POST", "/v1/reload", "reload", ""),
    ("POST", "/v1/drain", "drain", ""),
    ("PUT", "/v1/log-level", "set log-level", ""),
    ("POST", "/v1/sessions/0000000000000000/close", "close session", "0000000000000000"),
    ("POST", f"/v1/devices/{ONE}/psk", "show key", ONE),
    ("POST", f"/v1/devices/{ONE}/rotate", "rotate key", ONE),
    ("POST", f"/v1/devices/{ONE}/revoke", "revoke key", ONE),
    ("DELETE", f"/v1/devices/{ONE}", "remove device", ONE),
    ("POST", "/v1/import", "import devices", ""),
    ("POST", "/v1/export", "export devices", ""),
    ("POST", "/v1/purge", "purge keys", ""),
    ("POST", "/v1/backup", "back up", ""),
]
READS = ["/v1/status", "/v1/sessions", "/v1/devices", "/v1/keys", f"/v1/devices/{ONE}", "/v1/nothing"]


def ask_everything(gate):
    """Returns what, subject, status and result of each line that there must be."""
    admin, monitor = admin_of(gate), Admin(gate.directory / "monitor.sock")
    for path in READS:
        admin.ask("GET", path)
        monitor.ask("GET", path)
    wanted = []
    for method, path, what, subject in READ_ONLY:
        monitor.refused(method, path, 403, "read_only")
        wanted.append((what, subject, 403, "refused"))
    admin.refused("PUT", "/v1/log-level", 400, "bad_request", "{no json")
    wanted.append(("set log-level", "", 400, "refused"))
    admin.refused("POST", f"/v1/devices/{ONE}/revoke", 400, "bad_request", {"nonsense": "x"})
    wanted.append(("revoke key", ONE, 400, "refused"))
    admin.refused("POST", "/v1/export?credentials=nobody", 404, "unknown_credentials")
    wanted.append(("export devices", "", 404, "refused"))
    admin.refused("POST", "/v1/devices/%ff%00%22/disable", 400, "bad_request")
    wanted.append(("disable device", '?\0"', 400, "refused"))
    admin.post("/v1/reload")
    wanted.append(("reload", "", 200, "done"))
    return wanted


def ask_as_somebody(path):
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(SOMEBODY)
            os.setuid(SOMEBODY)
            os._exit(0 if Admin(path).ask("POST", "/v1/reload").status == 403 else 1)
        finally:
            os._exit(2)
    expect_equal(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0, "the process of another user")


def shown(lines):
    return [(line["what"], line["subject"], line["status"], line["result"]) for line in lines]


def check_file(backend):
    with Gatehouse(backend, fleet(1), settings={"admin": {**SOCKETS, "audit": "audit.log"}}) as gate:
        gate.directory.chmod(0o755)
        wanted = ask_everything(gate)
        if os.geteuid() == 0:
            ask_as_somebody(gate.directory / "monitor.sock")
            wanted.append(("connect", "", 403, "refused"))
        lines = [json.loads(line) for line in (gate.directory / "audit.log").read_text().splitlines()]
        expect_equal(shown(lines), wanted, "the audit file")
        if os.geteuid() == 0:
            expect_equal(lines[-1]["uid"], SOMEBODY, "who was turned away")
        status = admin_of(gate).get("/v1/status")["audit"]
        expect_equal(status, {"file": str(gate.directory / "audit.log"), "lines_dropped": 0}, "the status")
        expect_equal(gate.metric("gatehouse_audit_lines_dropped_total"), 0, "lines that were lost")


def check_log(backend):
    settings = {"admin": {**SOCKETS}, "log": {"level": "error", "format": "json"}}
    with Gatehouse(backend, fleet(1), settings=settings) as gate:
        wanted = ask_everything(gate)
        gate.wait_log_record("audit", what="reload", result="done")
        found = [(line["what"], line.get("subject", ""), line["result"]) for line in gate.log_records("audit")]
        expect_equal(found, [(what, subject, result) for what, subject, _, result in wanted], "the log")
        expect(all(line["event"] == "audit" for line in gate.log_records()), "nothing else is that urgent")


def main():
    with Backend() as backend:
        check_file(backend)
        check_log(backend)


run(main)
