"""A whole fleet in a managed store changes its keys as docs/operations tells it, with gatehousectl. TCP and UDP.

Each device is given a new key with an overlap; nobody is cut. Who still uses the old one is listed, and that list
shrinks as the devices come with the new one. What still hangs on the old key when it is revoked is cut, and only that.
No secret is in the log.
"""

import json
import os
import secrets

from support.backend import Backend
from support.changes import TCP_AND_UDP, connect_udp, wait_closed
from support.daemon import Gatehouse, run_program
from support.expect import eventually, expect, expect_equal, run
from support.fleet import device_name

NAMES = [device_name(number) for number in range(1, 13)]
FLYING = set(NAMES[8:])
LAGGARDS = {NAMES[3], NAMES[9]}
STORE = {"fleet": {"store": "sqlite:fleet.db", "store_key": "file:seal.key"}}


class Control:
    """gatehousectl on the daemon's own socket."""

    def __init__(self, gate):
        self.socket = gate.directory / "admin.sock"
        self.keys = gate.directory / "given"
        self.keys.mkdir(mode=0o700)

    def run(self, *words):
        done = run_program("--socket", self.socket, *words, program=os.environ["GATEHOUSECTL"])
        expect_equal(done.returncode, 0, f"{words}: {done.stderr}")
        return done.stdout

    def call(self, *words):
        return json.loads(self.run("--json", *words))

    def new_key(self, *words):
        file = self.keys / secrets.token_hex(8)
        self.run(*words, "--out", file)
        return bytes.fromhex(file.read_text().strip().removeprefix("hex:"))

    def stale(self):
        return {row["device"] for row in self.call("keys", "--stale", "old")["devices"]}

    def sessions_with(self, key_id):
        return sum(row["sessions"] for row in self.call("keys")["keys"] if row["id"] == key_id)


def connect(gate, name, key):
    return connect_udp(gate, name, psk=key) if name in FLYING else gate.connect(name, psk=key)


def main():
    with Backend() as backend:
        gate = Gatehouse(backend, settings={"credentials": STORE}, listeners=TCP_AND_UDP)
        seal = gate.directory / "seal.key"
        seal.write_bytes(secrets.token_bytes(32))
        seal.chmod(0o600)
        with gate:
            control = Control(gate)
            old = {name: control.new_key("device", "add", name, "--key-id", "old") for name in NAMES}
            inside = {name: connect(gate, name, old[name]) for name in NAMES}
            sessions = {name: backend.opened(name)["session"] for name in NAMES}
            expect_equal(control.stale(), set(), "there is no newer key yet")

            new = {}
            for row in control.call("device", "list")["devices"]:
                name = row["device"]
                new[name] = control.new_key("device", "rotate", name, "--key-id", "new", "--overlap", "7d")
            expect_equal(set(new), set(NAMES), "devices with a new key")
            for device in inside.values():
                device.ping()
            expect_equal(backend.select(type="close"), [], "nobody is cut by the new keys")
            expect_equal(control.stale(), set(NAMES), "everybody needs the old key")

            left = set(NAMES)
            for name in (one for one in NAMES if one not in LAGGARDS):
                inside[name].bye()
                inside[name] = connect(gate, name, new[name])
                left.remove(name)
                eventually(lambda: control.stale() == left, f"{name} is off the list")
            eventually(lambda: control.sessions_with("old") == len(LAGGARDS), "sessions of the old key")

            for name in NAMES:
                control.call("device", "revoke", name, "--key-id", "old", "--yes")
            for name in LAGGARDS:
                inside.pop(name).expect_bye()
                wait_closed(backend, sessions[name], "revoked")
            for device in inside.values():
                device.ping()
            expect_equal(
                {record["device"] for record in backend.select(type="close", reason="revoked")}, LAGGARDS, "who was cut"
            )
            expect(gate.device(NAMES[0], psk=old[NAMES[0]]).is_refused(), "the old key opens nothing")
            for name in LAGGARDS:
                connect(gate, name, new[name]).ping()
            log = gate.log()
            for secret in [*old.values(), *new.values()]:
                expect(secret.hex() not in log, "a secret in the log")


run(main)
