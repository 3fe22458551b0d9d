"""A reload between an SPP device's hello and its first record: the record is judged by the new keys.

The device is refused when its gateway key was removed, was replaced under the same id, is over, or is not the one that
the device may use any more; and when the device has another public key now, or has given its own to another name. Who
still has both keys gets in, and so does who may use more of them than before.
"""

import time

from support.backend import Backend
from support.changes import reloading, replace
from support.expect import expect, expect_equal, run
from support.keyed_gate import stamp
from support.spp_device import identity_of
from support.spp_gate import SppGate, gateway_seed, seed_of
from support.yaml_text import to_yaml

KEPT, WIDER, PINNED, OVER, REPLACED, REMOVED, REKEYED, RENAMED = NAMES = [
    "kept", "wider", "pinned", "over", "replaced", "removed", "rekeyed", "renamed"
]  # fmt: skip
KEYS = {KEPT: "g1", WIDER: "g1", PINNED: "g1", OVER: "g2", REPLACED: "g3", REMOVED: "g4", REKEYED: "g1", RENAMED: "g1"}


def text(keys, devices):
    """`keys` are {id: (seed, more fields)}, `devices` {name: (seed, gateway key or None)}."""
    listed = [{"id": key, "private": "hex:" + seed.hex(), **more} for key, (seed, more) in keys.items()]
    entries = {}
    for name, (seed, pinned) in devices.items():
        entries[name] = {"public": "hex:" + identity_of(seed).hex(), **({"gateway_key": pinned} if pinned else {})}
    return to_yaml({"version": 1, "gateway_keys": listed, "devices": entries})


def before():
    keys = {key: (gateway_seed(key), {}) for key in ("g1", "g2", "g3", "g4")}
    return text(keys, {name: (seed_of(name), key) for name, key in KEYS.items()})


def after():
    keys = {
        "g5": (gateway_seed("g5"), {}),
        "g3": (gateway_seed("another g3"), {}),
        "g2": (gateway_seed("g2"), {"not_after": stamp(int(time.time()) - 60)}),
        "g1": (gateway_seed("g1"), {}),
    }
    devices = {
        KEPT: (seed_of(KEPT), "g1"),
        WIDER: (seed_of(WIDER), None),
        PINNED: (seed_of(PINNED), "g5"),
        OVER: (seed_of(OVER), "g2"),
        REPLACED: (seed_of(REPLACED), "g3"),
        REMOVED: (seed_of(REMOVED), "g1"),
        REKEYED: (seed_of("another key"), "g1"),
        "new-name": (seed_of(RENAMED), "g1"),
    }
    return text(keys, devices)


def main():
    with Backend(echo=True) as backend, SppGate(backend, credentials_text=before()) as gate:
        waiting = {name: gate.device(name, gateway_key=key).open().shake_hands() for name, key in KEYS.items()}
        expect_equal(backend.select(type="open"), [], "sessions before the first record")
        with reloading(gate):
            replace(gate.credential_file, after())
        for name, device in waiting.items():
            device.send(b"first")
        for name in (KEPT, WIDER):
            expect_equal(waiting[name].recv(), b"first", f"{name}: the echo")
        for name in (PINNED, OVER, REPLACED, REMOVED, REKEYED, RENAMED):
            expect_equal(waiting[name].expect_closed(), b"", f"{name}: what came before the end")
            record = gate.wait_log_record("handshake refused", device=name)
            expect_equal(record["reason"], "auth_failed", f"{name}: why")
        over = gate.wait_log_record("handshake refused", device=OVER)["detail"]
        expect("outside its validity window: key g2" in over, f"what the log says of a key that is over: {over}")
        expect_equal({record["device"] for record in backend.select(type="open")}, {KEPT, WIDER}, "who got in")
        gate.wait_handshakes("auth_failed", 6)


run(main)
