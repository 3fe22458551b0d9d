"""A store, a state directory or a replay file that is removed while the daemon runs is noticed and told, and what comes
back is taken up again.

Status, metric and log name it; devices get in all the while. No change goes to a store that has no name any more. A
replay file that is removed, or cut, is made anew with all that it knew.
"""

import os
import secrets
import shutil
import subprocess

from support.admin import Admin, admin_of
from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import ONE, TWO, key_for
from support.pssst_gate import PssstGate

MISSING = "gatehouse_files_missing"
STORE = {"fleet": {"store": "sqlite:store/fleet.db", "store_key": "file:seal.key"}}
DEADLINE = 20.0


def expect_missing(gate, admin, names):
    gate.wait_metric(MISSING, len(names), DEADLINE)
    shown = [one["file"] for one in admin.get("/v1/status")["missing"]]
    for name in names:
        expect(any(name in file for file in shown), f"{name} is missing, says the status: {shown}")
        expect(any(name in record["file"] for record in gate.log_records("file missing")), f"{name}, says the log")


def expect_back(gate, admin, name):
    gate.wait_metric(MISSING, 0, DEADLINE)
    expect_equal(admin.get("/v1/status")["missing"], [], "what the status shows")
    expect(any(name in record["file"] for record in gate.log_records("file back")), f"{name} is back, says the log")


def new_device(name):
    return {"device": name, "key": {"secret": "hex:" + key_for(name).hex()}}


def check_store():
    with Backend() as backend:
        gate = Gatehouse(backend, settings={"credentials": STORE})
        (gate.directory / "seal.key").write_bytes(secrets.token_bytes(32))
        (gate.directory / "seal.key").chmod(0o600)
        (gate.directory / "store").mkdir(mode=0o700)
        with gate:
            admin = Admin(gate.directory / "admin.sock")
            admin.post("/v1/devices", new_device(ONE))
            away = gate.directory / "away"
            os.rename(gate.directory / "store", away)
            expect_missing(gate, admin, ["fleet.db"])
            gate.connect(ONE, psk=key_for(ONE)).ping()
            answer = admin.ask("POST", "/v1/devices", new_device(TWO))
            expect(answer.status >= 400, f"a change is refused while there is no store: {answer}")
            text = subprocess.run(
                [os.environ["GATEHOUSECTL"], "--socket", str(admin.path), "status"], capture_output=True, text=True, timeout=20
            ).stdout
            expect("fleet.db" in text and "not where it was" in text, f"gatehousectl status: {text}")
            os.rename(away, gate.directory / "store")
            expect_back(gate, admin, "fleet.db")
            admin.post("/v1/devices", new_device(TWO))
            gate.connect(TWO, psk=key_for(TWO)).ping()


def check_state_directory():
    with Backend(echo=True) as backend, PssstGate(backend, ["meter-4"], state="state") as gate:
        admin = admin_of(gate)
        state = gate.directory / "state"
        client = gate.client("meter-4")
        request = client.send(b"once")
        expect(client.take(), "the request is answered")
        file = next(state.glob("pssst-replay-*"))
        size = file.stat().st_size

        file.unlink()
        eventually(lambda: file.exists() and file.stat().st_size == size, "a removed file is made anew", DEADLINE)
        os.truncate(file, 0)
        eventually(lambda: file.stat().st_size == size, "one that was cut is made anew", DEADLINE)

        shutil.rmtree(state)
        expect_missing(gate, admin, ["/state", "pssst-replay-"])
        expect(gate.client("meter-4").ask(b"another"), "requests are answered all the while")
        state.mkdir(mode=0o700)
        expect_back(gate, admin, "/state")
        gate.restart(lambda: gate.process.kill())
        gate.drops_silently(client, request, "repeated_unanswered")


def main():
    check_store()
    check_state_directory()


run(main)
