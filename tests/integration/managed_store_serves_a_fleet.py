"""A fleet lives in a managed store: devices are added, rotated, revoked, disabled and removed while the daemon runs.

Each change is in force when its answer comes, cuts the sessions that it concerns and no others, and is still there after
a restart. What is exported can be imported elsewhere. No secret is in the store's files or in the log.
"""

import secrets
import stat

from support.admin import admin_of
from support.backend import Backend
from support.changes import connect_udp
from support.daemon import Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import ONE, THREE, TWO

STORE = {"fleet": {"store": "sqlite:fleet.db", "store_key": "file:seal.key"}}
LISTENERS = [{"name": "fleet", "limits": {"sessions_per_device": 0}}, {"name": "air", "transport": "udp"}]


def secret_of(answer):
    text = answer["key"]["secret"]
    expect(text.startswith("hex:"), "a new secret is shown as hex")
    return bytes.fromhex(text[4:])


def seal(gate, key):
    path = gate.directory / "seal.key"
    path.write_bytes(key)
    path.chmod(0o600)


def raw_store(gate):
    return b"".join(path.read_bytes() for path in gate.directory.glob("fleet.db*"))


def main():
    sealing = secrets.token_bytes(32)
    with Backend() as backend:
        gate = Gatehouse(backend, settings={"credentials": STORE}, listeners=LISTENERS)
        seal(gate, sealing)
        with gate:
            admin = admin_of(gate)
            first = secret_of(admin.post("/v1/devices", {"device": ONE, "name": "pump", "key": {"id": "a"}}))
            admin.refused("POST", "/v1/devices", 409, "exists", {"device": ONE})
            admin.refused("POST", "/v1/devices", 400, "bad_request", {"device": TWO, "key": {"not_aftr": "x"}})
            given = secrets.token_bytes(32)
            answer = admin.post("/v1/devices", {"device": TWO, "key": {"secret": "hex:" + given.hex()}})
            expect("secret" not in answer["key"], "a secret that was given is not shown again")
            shown = admin.get(f"/v1/devices/{ONE}")
            expect_equal((shown["name"], shown["source"]), ("pump", "store"), "the device")

            old = gate.connect(ONE, psk=first)
            other = connect_udp(gate, TWO, psk=given)
            rotated = admin.post(f"/v1/devices/{ONE}/rotate", {"overlap": "1h"})
            second = secret_of(rotated)
            old.ping()
            new = gate.connect(ONE, psk=second)
            expect_equal(backend.opened(ONE, 2)["credential"], rotated["key"]["id"], "the new key's session")

            admin.post(f"/v1/devices/{ONE}/revoke", {"id": "a"})
            old.expect_bye()
            backend.wait_for(type="close", device=ONE, reason="revoked")
            new.ping()
            other.ping()
            expect(gate.device(ONE, psk=first).is_refused(), "the revoked key")

            admin.post(f"/v1/devices/{TWO}/disable")
            other.expect_bye()
            admin.post(f"/v1/devices/{TWO}/enable")
            connect_udp(gate, TWO, psk=given).bye()

            exported = admin.post("/v1/export")["file"]
            admin.ask("DELETE", f"/v1/devices/{TWO}")
            admin.refused("GET", f"/v1/devices/{TWO}", 404, "unknown_device")
            admin.refused("POST", "/v1/import", 409, "exists", exported)
            expect_equal(admin.post("/v1/import?policy=replace", exported)["added"], 1, "imported devices")
            connect_udp(gate, TWO, psk=given).bye()
            admin.refused("POST", f"/v1/devices/{THREE}/rotate", 404, "unknown_device")

            copy = gate.directory / "copy.db"
            admin.post("/v1/backup", {"file": str(copy)})
            expect_equal(stat.S_IMODE(copy.stat().st_mode), 0o600, "the mode of the backup")
            expect(second not in copy.read_bytes(), "a secret in the backup")
            admin.refused("POST", "/v1/backup", 409, "exists", {"file": str(copy)})
            admin.refused("POST", "/v1/backup", 400, "bad_request", {"file": "copy.db"})
            admin.refused("POST", "/v1/purge", 400, "bad_request", {"closed_for": "soon"})
            expect_equal(admin.post("/v1/purge", {"closed_for": "1h"})["purged"], 0, "nothing is over for so long")
            newest = admin.post(f"/v1/devices/{TWO}/rotate", {"overlap": "0"})["key"]["id"]
            purge = lambda: admin.post("/v1/purge", {"closed_for": "0"})["purged"]  # noqa: E731
            eventually(lambda: purge() == 1, "the closed key is forgotten")
            expect_equal([key["id"] for key in admin.get(f"/v1/devices/{TWO}")["keys"]], [newest], "keys left")
            new.ping()

            raw, log = raw_store(gate), gate.log()
            for secret in (first, second, given):
                expect(secret not in raw and secret.hex().encode() not in raw, "a secret in the store's files")
                expect(secret.hex() not in log, "a secret in the log")
            for path in gate.directory.glob("fleet.db*"):
                expect_equal(stat.S_IMODE(path.stat().st_mode), 0o600, f"the mode of {path.name}")

            new.bye()
            gate.terminate()
            expect_equal(gate.wait_exit(), 0, "exit status")
            gate.start()
            gate.connect(ONE, psk=second).bye()
            expect(gate.device(ONE, psk=first).is_refused(), "the revoked key after a restart")


run(main)
