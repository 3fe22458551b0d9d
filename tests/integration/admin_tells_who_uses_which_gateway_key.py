"""During an overlap of two gateway keys an operator sees who still uses the old one: SPP sessions and PSSST requests.

`GET /v1/keys` and `/v1/keys/ID/stale`, `gatehousectl keys` and `keys --stale`, `device show`, and the metric of live
sessions. PSSST has no sessions that last: there the last use counts, and a request under way is a session. Both sets
have keys of the same ids, and neither is seen in the other's figures. A device that is listed for the old key alone has
no newer one, so it is never stale; it is counted among the old key's devices as long as that is so.
"""

from support.admin import admin_of
from support.backend import Backend
from support.expect import eventually, expect, expect_equal, run
from support.keyed_gate import METERS, SENSORS, KeyedGate

KINDS = ("unseen", "seen", "moved", "pinned")
NAMES = {METERS: [f"meter-{one}" for one in KINDS], SENSORS: [f"sensor-{one}" for one in KINDS]}


def key_row(admin, kind, key_id):
    rows = admin.get(f"/v1/keys?credentials={kind}")["keys"]
    expect_equal({row["credentials"] for row in rows}, {kind}, "the set that was asked for")
    return next((row for row in rows if row["id"] == key_id), None)


def stale(admin, kind, key_id="g1"):
    document = admin.get(f"/v1/keys/{key_id}/stale?credentials={kind}")
    expect_equal((document["id"], document["credentials"]), (key_id, kind), "of which key")
    expect_equal(document["total"], len(document["devices"]), "total")
    return {row["device"]: row for row in document["devices"]}


def check_nobody_came(admin):
    for kind, key_kind in ((METERS, "ed25519"), (SENSORS, "x25519")):
        row = key_row(admin, kind, "g1")
        found = (row["kind"], row["devices"], row["seen"], row["last_used"])
        expect_equal(found, (key_kind, 4, 0, None), f"{kind}: the only key")
        expect_equal(stale(admin, kind), {}, f"{kind}: there is no newer key yet")
    admin.refused("GET", "/v1/keys/g1/stale", 409, "ambiguous")
    admin.refused("GET", f"/v1/keys/g9/stale?credentials={METERS}", 404, "unknown_key")


def check_sessions(gate, admin, backend):
    """SPP: two sessions with the old key, one with the new one."""
    old, new = key_row(admin, METERS, "g1"), key_row(admin, METERS, "g2")
    expect_equal((old["devices"], new["devices"]), (4, 3), "meters enrolled")
    expect_equal((old["seen"], old["sessions"]), (2, 2), "who uses the old key")
    expect_equal((new["seen"], new["sessions"]), (1, 1), "who uses the new key")
    gate.wait_metric("gatehouse_credential_sessions", 2, credentials=METERS, credential="g1")
    gate.wait_metric("gatehouse_credential_sessions", 1, credentials=METERS, credential="g2")
    left = stale(admin, METERS)
    unseen, seen, _, _ = NAMES[METERS]
    expect_equal(set(left), {unseen, seen}, "meters that may need the old key")
    wanted = {"device": unseen, "name": None, "last_seen": None, "session": None}
    expect_equal(left[unseen], wanted, "a meter that was not seen")
    expect(left[seen]["last_seen"].endswith("Z"), f"a meter that was seen: {left[seen]}")
    expect_equal(left[seen]["session"], backend.opened(seen)["session"], "its session")
    expect_equal(stale(admin, METERS, "g2"), {}, "there is none newer than the newest")


def check_requests(admin):
    """PSSST: answered requests leave a last use, and no session."""
    old, new = key_row(admin, SENSORS, "g1"), key_row(admin, SENSORS, "g2")
    expect_equal((old["seen"], old["sessions"]), (2, 0), "who used the old key")
    expect_equal((new["seen"], new["sessions"]), (1, 0), "who used the new key")
    expect(old["last_used"].endswith("Z"), f"last used: {old['last_used']}")
    left = stale(admin, SENSORS)
    unseen, seen, _, _ = NAMES[SENSORS]
    expect_equal(set(left), {unseen, seen}, "sensors that may need the old key")
    expect(left[seen]["last_seen"].endswith("Z"), f"a sensor that was seen: {left[seen]}")
    expect_equal(left[seen]["session"], None, "its request is over")
    shown = admin.get(f"/v1/devices/{seen}?credentials={SENSORS}")
    expect_equal((shown["last_key"], shown["sessions"]), ("g1", []), "the sensor by itself")


def check_ctl(gate):
    for kind in (METERS, SENSORS):
        listed = gate.ctl_document("keys", "--credentials", kind)["keys"]
        expect_equal({row["id"]: row["seen"] for row in listed}, {"g2": 1, "g1": 2}, f"{kind}: keys of gatehousectl")
        text = gate.ctl("keys", "--stale", "g1", "--credentials", kind)
        unseen, seen, moved, pinned = NAMES[kind]
        expect(unseen in text and seen in text, f"{kind}: who is stale: {text}")
        expect(moved not in text and pinned not in text, f"{kind}: who is not: {text}")


def ask(gate, admin, backend, name, key_id):
    """While the backend thinks, the request is a session."""
    client = gate.client(name, key_id)
    request = client.send(b"21.5")
    opened = backend.opened(name)
    expect_equal((opened["listener"], opened["credential"]), (SENSORS, key_id), "the key in the record")
    eventually(lambda: key_row(admin, SENSORS, key_id)["sessions"] == 1, "a request under way")
    backend.send_data(opened["session"], b"ok")
    expect_equal(request.open(client.take()), b"ok", "the reply")
    eventually(lambda: key_row(admin, SENSORS, key_id)["sessions"] == 0, "it is over")


def connect(gate, backend, name, key_id):
    device = gate.connect(name, key_id)
    expect_equal(backend.opened(name)["credential"], key_id, "the key in the record")
    return device


def main():
    with Backend() as backend, KeyedGate(backend, NAMES) as gate:
        admin = admin_of(gate)
        check_nobody_came(admin)
        unseen, seen, moved, pinned = NAMES[METERS]
        first = connect(gate, backend, seen, "g1")
        connect(gate, backend, pinned, "g1")
        gate.change(METERS, gateway_keys=("g2", "g1"), keys_of={pinned: "g1"})
        connect(gate, backend, moved, "g2")
        check_sessions(gate, admin, backend)

        _, seen_sensor, moved_sensor, pinned_sensor = NAMES[SENSORS]
        gate.change(SENSORS, gateway_keys=("g2", "g1"), keys_of={pinned_sensor: "g1"})
        for name, key_id in ((seen_sensor, "g1"), (pinned_sensor, "g1"), (moved_sensor, "g2")):
            ask(gate, admin, backend, name, key_id)
        check_requests(admin)
        check_ctl(gate)

        first.close()
        eventually(lambda: stale(admin, METERS)[seen]["session"] is None, "the session is over")
        gate.connect(seen, "g2")
        eventually(lambda: set(stale(admin, METERS)) == {unseen}, "one meter is left")
        gate.client(seen_sensor, "g2").send(b"21.6")
        eventually(lambda: set(stale(admin, SENSORS)) == {NAMES[SENSORS][0]}, "one sensor is left")


run(main)
