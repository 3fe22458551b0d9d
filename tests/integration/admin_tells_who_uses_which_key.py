"""During an overlap of two keys an operator sees who still needs the old one: `GET /v1/keys` and `.../stale`.

`keys` counts for each key who is enrolled, who used it last, who is in with it now, and when that was. `stale` lists the
devices that have a newer open key and used the old one last, or were not seen yet; seen with the new one, they are off the
list, whether they are still there or not. A device whose newer key is not open yet, or that has none, is not on it.
"""

from support.admin import admin_of
from support.backend import Backend
from support.changes import change_credentials
from support.daemon import Gatehouse, psk_entry
from support.expect import eventually, expect, expect_equal, run
from support.fleet import device_name, key_for

NAMES = UNSEEN, SEEN, MOVED, SINGLE, PENDING = [device_name(number) for number in range(1, 6)]
MASTER = "hex:" + key_for("master").hex()


def key(name, which):
    return key_for(f"{which} key of {name}")


def entries():
    both = {
        name: {"name": f"boiler {name[-1]}", "psk": [psk_entry(key(name, k), k) for k in ("new", "old")]}
        for name in (UNSEEN, SEEN, MOVED)
    }
    later = psk_entry(key(PENDING, "new"), "new", not_before="2099-01-01T00:00:00Z")
    pending = {"psk": [later, psk_entry(key(PENDING, "old"), "old")]}
    return {**both, SINGLE: {"psk": [psk_entry(key(SINGLE, "old"), "old")]}, PENDING: pending}


def keys_of(admin):
    return {row["id"]: row for row in admin.get("/v1/keys")["keys"]}


def stale(admin, key_id="old"):
    document = admin.get(f"/v1/keys/{key_id}/stale")
    expect_equal((document["id"], document["credentials"]), (key_id, "fleet"), "of which key")
    expect_equal(document["total"], len(document["devices"]), "total")
    return {row["device"]: row for row in document["devices"]}


def check_keys(admin):
    found = keys_of(admin)
    expect_equal(set(found), {"new", "old"}, "keys")
    old, new = found["old"], found["new"]
    expect_equal((old["credentials"], old["kind"]), ("fleet", "psk"), "what it is")
    expect_equal((old["devices"], new["devices"]), (5, 4), "devices enrolled")
    expect_equal((old["seen"], old["sessions"]), (2, 2), "who uses the old key")
    expect_equal((new["seen"], new["sessions"]), (1, 1), "who uses the new key")
    expect(old["last_used"].endswith("Z"), f"last used: {old['last_used']}")
    expect_equal((old["states"]["active"], new["states"]["active"], new["states"]["pending"]), (5, 3, 1), "states")


def main():
    with Backend() as backend, Gatehouse(backend, entries()) as gate:
        admin = admin_of(gate)
        expect_equal(keys_of(admin)["old"]["last_used"], None, "last used, before anybody came")
        expect_equal(set(stale(admin)), {UNSEEN, SEEN, MOVED}, "nobody was seen yet")
        seen = gate.connect(SEEN, psk=key(SEEN, "old"))
        gate.connect(SINGLE, psk=key(SINGLE, "old"))
        gate.connect(MOVED, psk=key(MOVED, "new"))
        eventually(lambda: MOVED not in stale(admin), "who was seen with the new key is off the list")
        left = stale(admin)
        expect_equal(set(left), {UNSEEN, SEEN}, "devices that may need the old key")
        wanted = {"device": UNSEEN, "name": "boiler 1", "last_seen": None, "session": None}
        expect_equal(left[UNSEEN], wanted, "a device that was not seen")
        expect(left[SEEN]["last_seen"].endswith("Z"), f"a device that was seen: {left[SEEN]}")
        expect_equal(left[SEEN]["session"], backend.opened(SEEN)["session"], "its session")
        expect_equal(stale(admin, "new"), {}, "devices that have one newer than the newest")
        check_keys(admin)
        limited = admin.get("/v1/keys/old/stale?limit=1&credentials=fleet")
        expect_equal((len(limited["devices"]), limited["total"], limited["truncated"]), (1, 2, True), "a limit")

        seen.bye()
        eventually(lambda: stale(admin)[SEEN]["session"] is None, "the session is over")
        expect_equal(keys_of(admin)["old"]["seen"], 2, "who used the old key last, though gone")
        gate.connect(SEEN, psk=key(SEEN, "new"))
        eventually(lambda: set(stale(admin)) == {UNSEEN}, "one device is left")
        admin.refused("GET", "/v1/keys/nobody/stale", 404, "unknown_key")

        change_credentials(gate, entries(), derived=[{"id": "m1", "master": MASTER, "devices": "02:01:00:00:00:00/16"}])
        master = keys_of(admin)["m1"]
        expect_equal((master["kind"], master["devices"], master["seen"]), ("derived", None, 0), "a master key")
        expect_equal(master["states"]["active"], 1, "its state")


run(main)
