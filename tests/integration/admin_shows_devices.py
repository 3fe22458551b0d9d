"""`GET /v1/devices` pages through a fleet, `GET /v1/devices/DEVICE` shows one device: state, keys, when it was last seen.

Pages of any size together are the fleet, each device once and in order. A device that a master key covers is shown as
`derived`. Times, keys with their windows, sessions; never a secret. What is unknown or ambiguous is said with its code.
"""

import copy

from support.admin import admin_of
from support.backend import Backend
from support.daemon import Gatehouse, credential_text, psk_entry, write_secret
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet, key_for

DERIVED = "02:01:00:00:00:07"
MEMBERS = {"device", "name", "credentials", "source", "enabled", "keys", "last_seen", "last_key", "sessions"}


def pages(admin, limit):
    found, after = [], ""
    while after is not None:
        document = admin.get(f"/v1/devices?limit={limit}&credentials=fleet{after and '&after=' + after}")
        expect(len(document["devices"]) <= limit, f"at most {limit} devices")
        found += [device["device"] for device in document["devices"]]
        after = document.get("next")
        expect(after is None or after == found[-1], "the next page is behind the last device")
    return found


def check_one(gate, backend, admin, name):
    before = admin.get(f"/v1/devices/{name}")
    expect_equal(set(before), MEMBERS, "members of a device")
    wanted = [
        {"id": "new", "state": "pending", "not_before": "2099-01-01T00:00:00Z", "not_after": None},
        {"id": "k1", "state": "active", "not_before": None, "not_after": None},
        {"id": "old", "state": "expired", "not_before": None, "not_after": "2020-01-01T00:00:00Z"},
    ]
    expect_equal(before["keys"], wanted, "keys")
    expect_equal((before["device"], before["name"], before["source"]), (name, "boiler-17", "file"), "who it is")
    seen = (before["last_seen"], before["last_key"], before["sessions"])
    expect_equal(seen, (None, None, []), "a device that was not seen")

    device = gate.connect(name, psk=key_for("k1"))
    session = backend.opened(name)["session"]
    now = eventually(lambda: [d for d in [admin.get(f"/v1/devices/{name.upper()}")] if d["sessions"]], "it is seen")[0]
    expect_equal((now["last_key"], now["sessions"]), ("k1", [session]), "key and session")
    expect(now["last_seen"].endswith("Z"), f"last seen: {now['last_seen']}")
    device.bye()
    gone = eventually(lambda: [d for d in [admin.get(f"/v1/devices/{name}")] if not d["sessions"]], "it is gone")[0]
    expect_equal((gone["last_key"], bool(gone["last_seen"])), ("k1", True), "what is known of it")


def main():
    devices = fleet(25)
    names = sorted(devices)
    mine = names[3]
    devices[mine] = {
        "name": "boiler-17",
        "psk": [
            psk_entry(key_for("new"), "new", not_before="2099-01-01T00:00:00Z"),
            psk_entry(key_for("k1"), "k1"),
            psk_entry(key_for("old"), "old", not_after="2020-01-01T00:00:00Z"),
        ],
    }
    masters = [{"id": "m1", "master": "hex:" + key_for("master").hex(), "devices": "02:01:00:00:00:00/16"}]
    sets = {"credentials": {"fleet": {"file": "keys/fleet.yaml"}, "other": {"file": "keys/other.yaml"}}}
    with Backend() as backend:
        gate = Gatehouse(backend, devices, settings=sets, credentials=credential_text(devices, derived=masters))
        twice = {names[0]: devices[names[0]]}
        write_secret(gate.directory / "keys" / "other.yaml", credential_text(copy.deepcopy(twice)))
        with gate:
            admin = admin_of(gate)
            for limit in (1, 7, 24, 25, 26):
                expect_equal(pages(admin, limit), names, f"pages of {limit}")
            expect_equal(len(admin.get("/v1/devices?credentials=other")["devices"]), 1, "the other set")
            check_one(gate, backend, admin, mine)
            derived = admin.get(f"/v1/devices/{DERIVED}")
            expect_equal((derived["source"], derived["name"], derived["enabled"]), ("derived", None, True), "derived")
            expect_equal([one["id"] for one in derived["keys"]], ["m1"], "keys of a derived device")

            admin.refused("GET", "/v1/devices", 409, "ambiguous")
            admin.refused("GET", f"/v1/devices/{names[0]}", 409, "ambiguous")
            expect_equal(admin.get(f"/v1/devices/{names[0]}?credentials=other")["credentials"], "other", "named")
            admin.refused("GET", f"/v1/devices/{names[5]}?credentials=other", 404, "unknown_device")
            admin.refused("GET", f"/v1/devices/{names[5]}?credentials=nobody", 404, "unknown_credentials")
            admin.refused("GET", "/v1/devices?credentials=nobody", 404, "unknown_credentials")
            admin.refused("GET", "/v1/keys?credentials=nobody", 404, "unknown_credentials")
            admin.refused("GET", "/v1/keys/k1/stale", 409, "ambiguous")
            admin.refused("GET", "/v1/devices/02:09:00:00:00:01", 404, "unknown_device")
            admin.refused("GET", "/v1/devices/boiler%2017", 400, "bad_request")
            admin.refused("GET", "/v1/devices/boiler-17", 404, "unknown_device")


run(main)
