"""An audit line that cannot be written is counted, named in the log, and shown in the status until one can be written again.

The file is a link that leads to a full device, and then to a file: the command is done all the same, and the first line in the file
says how many are missing. A file that cannot be opened at the start is named as what it is.
"""

import json
import os
import subprocess

from support.admin import admin_of
from support.backend import Backend
from support.daemon import Gatehouse, binary
from support.expect import expect, expect_equal, run
from support.fleet import fleet
from support.yaml_text import to_yaml

DROPPED = "gatehouse_audit_lines_dropped_total"


def check_recovery(gate):
    admin = admin_of(gate)
    link = gate.directory / "audit.log"
    expect_equal(gate.metric(DROPPED), 0, "lost lines at the start")
    expect("failing" not in admin.get("/v1/status")["audit"], "nothing is wrong at the start")
    for lost in (1, 2, 3):
        expect_equal(admin.post("/v1/reload")["done"], True, "a command is done all the same")
        expect_equal(gate.metric(DROPPED), lost, "lost lines")
        gate.wait_log_record("audit log cannot be written", lost=lost)
    status = admin.get("/v1/status")["audit"]
    expect_equal(status["lines_dropped"], 3, "lost lines in the status")
    expect("No space" in status["failing"]["detail"], f"why: {status}")
    told = subprocess.run(
        [os.environ["GATEHOUSECTL"], "--socket", admin.path, "status"],
        capture_output=True, text=True, timeout=20,
    ).stdout
    expect("the audit log cannot be written" in told and "audit lines lost: 3" in told, f"gatehousectl status: {told}")

    real = gate.directory / "real.log"
    swapped = gate.directory / "swapped"
    swapped.symlink_to(real)
    os.rename(swapped, link)
    admin.change("PUT", "/v1/log-level", {"level": "info"})
    lines = [json.loads(line) for line in real.read_text().splitlines()]
    found = [(line["what"], line["subject"], line["result"]) for line in lines]
    expect_equal(found, [("audit lines lost", "3", "failed"), ("set log-level", "", "done")], "the file")
    expect("failing" not in admin.get("/v1/status")["audit"], "it is over")
    expect_equal(gate.metric(DROPPED), 3, "lost lines stay counted")


def check_start(gate):
    config = {**gate.config, "admin": {"socket": "admin.sock", "audit": "nowhere/audit.log"}}
    file = gate.config_file.with_name("no-audit.yaml")
    file.write_text(to_yaml(config))
    done = subprocess.run([binary(), "--config", file], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
    expect_equal(done.returncode, 1, f"exit status: {done.stderr}")
    expect("audit" in done.stderr and "bind" not in done.stderr, f"what it says: {done.stderr}")


def main():
    with Backend() as backend:
        gate = Gatehouse(backend, fleet(1), settings={"admin": {"socket": "admin.sock", "audit": "audit.log"}})
        (gate.directory / "audit.log").symlink_to("/dev/full")
        with gate:
            check_recovery(gate)
            gate.terminate()
            expect_equal(gate.wait_exit(), 0, "exit status")
            check_start(gate)
            gate.start()


run(main)
