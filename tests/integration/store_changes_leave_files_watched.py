"""A change of a managed store does not stop the watch of the credential files beside it: they are still loaded at once."""

import secrets

from support.admin import admin_of
from support.backend import Backend
from support.changes import change_credentials
from support.daemon import Gatehouse
from support.expect import expect, run
from support.fleet import ONE, THREE, TWO, key_for

SETTINGS = {
    "credentials": {
        "fleet": {"file": "keys/fleet.yaml"},
        "vault": {"store": "sqlite:vault.db", "store_key": "file:seal.key"},
    }
}
LISTENERS = [{"name": "fleet"}, {"name": "vault", "credentials": "vault"}]


def main():
    with Backend() as backend:
        gate = Gatehouse(backend, {ONE: key_for(ONE)}, settings=SETTINGS, listeners=LISTENERS)
        seal = gate.directory / "seal.key"
        seal.write_bytes(secrets.token_bytes(32))
        seal.chmod(0o600)
        with gate:
            admin = admin_of(gate)
            for device in (TWO, THREE):
                secret = "hex:" + key_for(device).hex()
                admin.post("/v1/devices", {"device": device, "credentials": "vault", "key": {"secret": secret}})
                gate.connect(device, psk=key_for(device), port=gate.ports["vault"]).bye()
                change_credentials(gate, {ONE: key_for(ONE), device: key_for("in the file")})
                gate.connect(device, psk=key_for("in the file")).bye()
            expect(gate.device(TWO, psk=key_for("in the file")).is_refused(), "it is not in the file any more")


run(main)
