"""`revoke` and `disable` are in force at once while the store cannot be written, and say that they are not on the disk yet.

Another program holds the store's write lock, and the disk is full: the answer comes within seconds with `"stored": false`, the
session ends, the key is refused. `/livez` and `/metrics` answer all the while. Status, metric, log and gatehousectl tell what
is owed; a reload of everything brings nobody back. Another change is refused and says why. When the store can be written again
it is, by itself, and a restart keeps it. A daemon that has to stop before says what is lost.
"""

import contextlib
import os
import pathlib
import secrets
import sqlite3
import subprocess
import threading
import time

from support.admin import Admin
from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import ONE, THREE, TWO, key_for

STORE = {"fleet": {"store": "sqlite:store/fleet.db", "store_key": "file:seal.key"}}
UNWRITTEN = "gatehouse_store_changes_unwritten"


def seal(gate):
    path = gate.directory / "seal.key"
    path.write_bytes(secrets.token_bytes(32))
    path.chmod(0o600)
    (gate.directory / "store").mkdir(mode=0o700)


@contextlib.contextmanager
def locked(gate):
    other = sqlite3.connect(gate.directory / "store" / "fleet.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


class Prober:
    """Asks /livez and /metrics all the time, and keeps the longest wait."""

    def __init__(self, gate):
        self.gate, self.longest, self.failure = gate, 0.0, None
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._probe, daemon=True)

    def _probe(self):
        try:
            while not self.stopped.wait(0.02):
                for path in ("/livez", "/metrics"):
                    begun = time.monotonic()
                    expect_equal(self.gate.get(path)[0], 200, path)
                    self.longest = max(self.longest, time.monotonic() - begun)
        except Exception as error:
            self.failure = error

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join(20.0)


def lock_out(gate, admin, device_id, action, device):
    begun = time.monotonic()
    answer = admin.post(f"/v1/devices/{device_id}/{action}")
    took = time.monotonic() - begun
    expect(took < 4.0, f"{action} answers while the disk does not: {took:.1f} s")
    expect_equal((answer["done"], answer["stored"]), (True, False), f"{action}: {answer}")
    expect("not on the disk" in answer["detail"], f"{action}: {answer}")
    device.expect_bye()
    expect(gate.device(device_id, psk=key_for(device_id)).is_refused(), f"{action}: it does not get in again")


def check_owed(gate, admin, owed):
    eventually(lambda: [one["detail"] for one in admin.get("/v1/status")["unwritten"]][0], "why it is owed", 20.0)
    shown = admin.get("/v1/status")["unwritten"]
    expect_equal([(one["device"], one["what"], one["credentials"]) for one in shown], owed, "what the status shows")
    expect_equal(gate.metric(UNWRITTEN), len(owed), "the metric")
    for device, what, _ in owed:
        gate.wait_log_record("change of a store not written", device=device, what=what)
    text = subprocess.run(
        [os.environ["GATEHOUSECTL"], "--socket", str(admin.path), "status"], capture_output=True, text=True, timeout=20
    ).stdout
    expect("not on the disk" in text and owed[0][0] in text, f"gatehousectl status: {text}")


def check_written(gate, admin, devices):
    gate.wait_metric(UNWRITTEN, 0, 60.0)
    expect_equal(admin.get("/v1/status")["unwritten"], [], "what the status shows")
    for device in devices:
        gate.wait_log_record("change of a store written", device=device)


def check_locked(gate, admin):
    devices = {name: gate.connect(name, psk=key_for(name)) for name in (ONE, TWO, THREE)}
    with Prober(gate) as prober, locked(gate):
        lock_out(gate, admin, ONE, "revoke", devices[ONE])
        lock_out(gate, admin, TWO, "disable", devices[TWO])
        check_owed(gate, admin, [(ONE, "revoke key", "fleet"), (TWO, "disable device", "fleet")])
        admin.post("/v1/reload")
        for name in (ONE, TWO):
            expect(gate.device(name, psk=key_for(name)).is_refused(), f"{name} after a reload")
        admin.refused("POST", f"/v1/devices/{TWO}/enable", 409, "busy")
        devices[THREE].ping()
    expect(prober.failure is None, f"a probe failed: {prober.failure}")
    expect(prober.longest < 1.0, f"the longest probe took {prober.longest:.2f} s")
    check_written(gate, admin, (ONE, TWO))
    answer = admin.post(f"/v1/devices/{TWO}/disable")
    expect_equal(answer["stored"], True, f"when the disk is there: {answer}")
    admin.post(f"/v1/devices/{TWO}/enable")
    gate.connect(TWO, psk=key_for(TWO)).bye()


def check_restart(gate, admin):
    gate.terminate()
    expect_equal(gate.wait_exit(), 0, "exit status")
    gate.start()
    expect(gate.device(ONE, psk=key_for(ONE)).is_refused(), "the revoked device after a restart")
    with gate.connect(TWO, psk=key_for(TWO)) as device, locked(gate):
        lock_out(gate, admin, TWO, "revoke", device)
        gate.terminate()
        expect_equal(gate.wait_exit(), 0, "exit status")
    lost = gate.wait_log_record("change of a store lost", device=TWO)
    expect_equal((lost["what"], lost["level"]), ("revoke key", "error"), "what is lost")
    gate.start()


@contextlib.contextmanager
def small_disk(path):
    """A disk of its own, where that is allowed."""
    path.mkdir(mode=0o700)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", str(path)], capture_output=True)
    try:
        yield made.returncode == 0
    finally:
        if made.returncode == 0:
            subprocess.run(["umount", "-l", str(path)], check=True)


def check_full_disk(backend):
    gate = Gatehouse(backend, settings={"credentials": STORE})
    seal(gate)
    (gate.directory / "store").rmdir()
    with small_disk(gate.directory / "store") as is_small:
        if not is_small:
            return
        with gate:
            admin = Admin(gate.directory / "admin.sock")
            admin.post("/v1/devices", {"device": ONE, "key": {"secret": "hex:" + key_for(ONE).hex()}})
            device = gate.connect(ONE, psk=key_for(ONE))
            fill = pathlib.Path(gate.directory / "store" / "fill")
            with open(fill, "wb") as file, contextlib.suppress(OSError):
                while True:
                    os.write(file.fileno(), bytes(4096))
            for number in range(100, 400):  # what is free inside the store's own files
                name = f"02:00:00:00:01:{number % 256:02x}" if number < 356 else f"02:00:00:00:02:{number % 256:02x}"
                if admin.ask("POST", "/v1/devices", {"device": name}).status != 200:
                    break
            lock_out(gate, admin, ONE, "revoke", device)
            check_owed(gate, admin, [(ONE, "revoke key", "fleet")])
            fill.unlink()
            check_written(gate, admin, (ONE,))


def main():
    with Backend() as backend:
        gate = Gatehouse(backend, settings={"credentials": STORE})
        seal(gate)
        with gate:
            admin = Admin(gate.directory / "admin.sock", timeout=20.0)
            expect_equal(gate.metric(UNWRITTEN), 0, "the metric at the start")
            for name in (ONE, TWO, THREE):
                admin.post("/v1/devices", {"device": name, "key": {"secret": "hex:" + key_for(name).hex()}})
            check_locked(gate, admin)
            check_restart(gate, admin)
        check_full_disk(backend)


run(main)
