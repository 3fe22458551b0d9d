"""A device that is removed, disabled, revoked, or given another secret, profile, prefix or password loses its session
at once with `revoked`; a closing window ends it too; the others stay.

Its requests are then those of a stranger, and messages made with the old snapshot are refused.
"""

import datetime
import time

from support.array_crypto_gate import ArrayCryptoGate, array_crypto_credentials
from support.backend import Backend
from support.changes import reloading, replace, wait_closed
from support.expect import expect_equal, run
from support.fleet import key_for

NAMES = ("stays", "removed", "disabled", "revoked", "secret", "profile", "prefix", "password", "window")
OTHER = "hex:" + key_for("another secret").hex()


def stamp(moment):
    return datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def main():
    profiles = dict.fromkeys(NAMES, "v2")
    with Backend(echo=True) as backend, ArrayCryptoGate(backend, profiles) as gate:
        clients = {name: gate.client(name) for name in NAMES}
        sessions, sealed = {}, {}
        for name, client in clients.items():
            expect_equal(client.talk(b"hello"), b"hello", f"the echo to {name}")
            sessions[name] = backend.opened(name)["session"]
            sealed[name] = client.encrypt(b"made before")

        closes = int(time.time()) + 3
        kept = {name: "v1" if name == "profile" else "v2" for name in NAMES if name != "removed"}
        text = array_crypto_credentials(
            kept,
            disabled={"enabled": False},
            revoked={"revoked": True},
            secret={"secret": OTHER},
            prefix={"prefix": "/dev/other"},
            password={"password": "text:from now on"},
            window={"not_after": stamp(closes)},
        )
        with reloading(gate):
            replace(gate.credential_file, text)
        for name in NAMES:
            if name not in ("stays", "window"):
                wait_closed(backend, sessions[name], "revoked")
        expect_equal(clients["stays"].talk(b"still"), b"still", "who is not concerned")
        expect_equal(clients["stays"].connections, 1, "its connections")

        for name, status in {"removed": 404, "disabled": 404, "revoked": 404, "secret": 400, "profile": 400,
                             "prefix": 404, "password": 401}.items():
            clients[name].close()
            expect_equal(clients[name].post(sealed[name]).status, status, f"a message of {name}")
        gate.wait_refused("unknown_device", "nobody's prefix")
        gate.wait_refused("auth_failed", "device is disabled")
        gate.wait_refused("auth_failed", "key is revoked")
        renewed = gate.client("secret", secret=key_for("another secret"))
        expect_equal(renewed.talk(b"anew"), b"anew", "with the new secret")

        wait_closed(backend, sessions["window"], "revoked")
        clients["window"].close()
        expect_equal(clients["window"].post(sealed["window"]).status, 404, "after its window")
        gate.wait_metric("gatehouse_credentials", 1, credentials="fleet", state="revoked")


run(main)
