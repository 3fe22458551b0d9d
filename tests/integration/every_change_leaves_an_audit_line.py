"""Each change leaves an `audit` event in the log and a line of JSON in the audit file: who, what, to whom, with what result.

Those that were refused too; questions leave none. The file is for its owner only, is continued by the next daemon, and when
it was moved away a new one is begun. No secret is in either.
"""

import json
import os
import pathlib
import stat
import tempfile

from support.admin import admin_of
from support.backend import Backend
from support.changes import wait_closed
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, TWO, fleet

MEMBERS = {"time", "uid", "gid", "pid", "what", "subject", "status", "result"}


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def check_private(path):
    expect_equal(stat.S_IMODE(path.stat().st_mode), 0o600, f"mode of {path.name}")


def change_everything(gate, backend, admin):
    """Returns what, subject, status and result of each change."""
    device = gate.connect(ONE)
    session = backend.opened(ONE)["session"]
    admin.get("/v1/status")
    admin.get("/v1/sessions")
    admin.post("/v1/reload")
    admin.change("PUT", "/v1/log-level", {"level": "info"})
    admin.refused("PUT", "/v1/log-level", 400, "bad_request", {"level": "loud"})
    admin.post(f"/v1/sessions/{session}/close")
    device.expect_bye()
    wait_closed(backend, session, "admin")
    admin.refused("POST", "/v1/sessions/0000000000000000/close", 404, "unknown_session")
    admin.refused("POST", f"/v1/devices/{ONE}/psk", 409, "listed")
    admin.refused("POST", f"/v1/devices/{TWO}/revoke", 409, "not_managed")
    return [
        ("reload", "", 200, "done"),
        ("set log-level", "", 200, "done"),
        ("set log-level", "", 400, "refused"),
        ("close session", session, 200, "done"),
        ("close session", "0000000000000000", 404, "refused"),
        ("show key", ONE, 409, "refused"),
        ("revoke key", TWO, 409, "refused"),
    ]


def check_lines(found, wanted):
    shown = [(line["what"], line["subject"], line["status"], line["result"]) for line in found]
    expect_equal(shown, wanted, "the audit file")
    for line in found:
        expect_equal(set(line), MEMBERS, "members of a line")
        expect_equal((line["uid"], line["gid"], line["pid"]), (os.geteuid(), os.getegid(), os.getpid()), "who")
        expect(line["time"].endswith("Z"), f"time: {line}")


def check_log(gate, wanted):
    gate.wait_log_record("audit", what=wanted[-1][0])
    found = [(r["what"], r.get("subject", ""), r["result"]) for r in gate.log_records("audit")]
    expect_equal(found, [(what, subject, result) for what, subject, _, result in wanted], "the log")
    expect_equal({(r["uid"], r["pid"]) for r in gate.log_records("audit")}, {(os.geteuid(), os.getpid())}, "who")


def main():
    devices = fleet(2)
    with Backend() as backend, tempfile.TemporaryDirectory(prefix="gatehouse-audit-") as folder:
        file = pathlib.Path(folder) / "audit.log"
        settings = {"admin": {"socket": "admin.sock", "audit": str(file)}}
        with Gatehouse(backend, devices, settings=settings) as gate:
            check_private(file)
            wanted = change_everything(gate, backend, admin_of(gate))
            check_lines(lines(file), wanted)
            check_log(gate, wanted)
            moved = file.with_name("audit.log.1")
            os.rename(file, moved)
            admin_of(gate).post("/v1/reload")
            check_lines(lines(moved), wanted)
            check_lines(lines(file), [("reload", "", 200, "done")])
            check_private(file)
            for text in (gate.log(), moved.read_text(), file.read_text()):
                for key in devices.values():
                    expect(key.hex() not in text, "a secret")
        with Gatehouse(backend, devices, settings=settings) as gate:
            admin_of(gate).change("PUT", "/v1/log-level", {"level": "warn"})
            check_lines(lines(file), [("reload", "", 200, "done"), ("set log-level", "", 200, "done")])


run(main)
