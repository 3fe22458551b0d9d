"""While a device has several keys, each of them opens a session, and the open record says which one did.

A device with three keys (hex, base64 and text) connects with each of them, in all generations' ways of proving it; the
`credential` of the open record is the id of the key, and `gatehouse_credential_sessions` counts by it.
"""

import base64

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ALL_GENERATIONS, ONE, key_for

KEYS = {"new": key_for("new"), "old": key_for("old"), "sketch": b"typed into a sketch, as text"}
PSK = [
    {"id": "new", "secret": "hex:" + KEYS["new"].hex()},
    {"id": "old", "secret": "base64:" + base64.b64encode(KEYS["old"]).decode(), "not_after": "2099-12-31T00:00:00Z"},
    {"id": "sketch", "secret": "text:" + KEYS["sketch"].decode()},
]


def main():
    with Backend() as backend, Gatehouse(backend, {ONE: {"psk": PSK}}, usmp=ALL_GENERATIONS) as gate:
        nth = 0
        for name in ("A", "C", "D1", "D3"):
            for key_id, key in KEYS.items():
                nth += 1
                device = gate.connect(ONE, name, psk=key)
                device.ping()
                record = backend.opened(ONE, nth)
                expect_equal(record["credential"], key_id, f"generation {name}: credential")
                sessions = "gatehouse_credential_sessions"
                gate.wait_metric(sessions, 1, credentials="fleet", credential=key_id)
                device.bye()
                backend.closed(record["session"])
                gate.wait_metric(sessions, 0, credentials="fleet", credential=key_id)
        expect(gate.device(ONE, psk=key_for("neither")).is_refused(), "another key is refused")


run(main)
