"""`POST /v1/devices/DEVICE/psk` gives the key that a device of a derived fleet needs, and the device gets in with it.

It is derived as the documents say (HKDF-SHA256 with the salt "gatehouse psk v1" and the device's id), which is computed
here independently: of the newest master, or of the one that is named. A key that is not there is `unknown_key`; the keys
of a device that is listed are never shown.
"""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from support.admin import admin_of
from support.backend import Backend
from support.daemon import Gatehouse, credential_text, psk_entry
from support.expect import expect, expect_equal, run
from support.fleet import ONE, key_for
from support.usmp_device import device_id_bytes

DERIVED = "02:01:00:00:00:07"
MASTERS = {"m2": key_for("second master"), "m1": key_for("first master")}


def derive(master, device):
    info = device_id_bytes(device)
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=b"gatehouse psk v1", info=info).derive(master)


def main():
    listed = {ONE: {"psk": [psk_entry(key_for("new"), "new"), psk_entry(key_for("old"), "old")]}}
    masters = [
        {"id": name, "master": "hex:" + key.hex(), "devices": "02:01:00:00:00:00/16"} for name, key in MASTERS.items()
    ]
    with Backend() as backend:
        with Gatehouse(backend, listed, credentials=credential_text(listed, derived=masters)) as gate:
            admin = admin_of(gate)
            for body in ({}, {"id": "old", "credentials": "fleet"}, {"id": "m1"}):
                admin.refused("POST", f"/v1/devices/{ONE}/psk", 409, "listed", body)

            newest = admin.post(f"/v1/devices/{DERIVED}/psk")
            expect_equal(newest["id"], "m2", "the newest master")
            for name, master in MASTERS.items():
                shown = admin.post(f"/v1/devices/{DERIVED}/psk", {"id": name})
                expect_equal(shown["secret"], "hex:" + derive(master, DERIVED).hex(), f"derived of {name}")
                device = gate.connect(DERIVED, psk=bytes.fromhex(shown["secret"].removeprefix("hex:")))
                device.ping()
                expect_equal(backend.opened(DERIVED, list(MASTERS).index(name) + 1)["credential"], name, "credential")
                device.bye()
            other = derive(MASTERS["m2"], "02:01:00:00:00:08")
            expect(gate.device(DERIVED, psk=other).is_refused(), "the key of another device")

            admin.refused("POST", f"/v1/devices/{DERIVED}/psk", 404, "unknown_key", {"id": "nobody"})
            admin.refused("POST", f"/v1/devices/{DERIVED}/psk", 404, "unknown_key", {"id": "new"})
            admin.refused("POST", "/v1/devices/02:09:00:00:00:01/psk", 404, "unknown_device")
            admin.refused("POST", f"/v1/devices/{ONE}/psk", 404, "unknown_credentials", {"credentials": "nobody"})
            admin.refused("POST", f"/v1/devices/{ONE}/psk", 400, "bad_request", {"colour": "blue"})
            admin.refused("POST", f"/v1/devices/{ONE}/psk", 400, "bad_request", {"id": 7})
            admin.refused("GET", f"/v1/devices/{ONE}/psk", 405, "bad_method")


run(main)
