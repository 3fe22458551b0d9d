"""`GET /v1/sessions` lists the live sessions with all that is known of each; an operator can close one. TCP and UDP.

Filters by device, listener and credential, alone and together; `limit` with `total` and `truncated`. POST .../close ends a
session with BYE and the reason `admin`, once: the second time it is unknown. The device may come again; others stay.
"""

from support.admin import admin_of
from support.backend import Backend
from support.changes import TCP_AND_UDP, connect_udp, wait_closed
from support.daemon import Gatehouse, psk_entry
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet

MEMBERS = {
    "session", "device", "name", "listener", "protocol", "generation", "peer", "credential", "opened", "age", "idle",
    "messages_up",
}  # fmt: skip


def check_members(admin, backend, device, listener):
    rows = admin.get(f"/v1/sessions?device={device.device_id}")["sessions"]
    expect_equal(len(rows), 1, f"rows of {device.device_id}")
    row = rows[0]
    expect_equal(set(row), MEMBERS, "members of a session")
    record = backend.opened(device.device_id)
    for name in ("session", "device", "listener", "protocol", "generation", "peer", "credential"):
        expect_equal(row[name], record[name], f"{name} of the {listener} session")
    expect_equal((row["listener"], row["peer"]), (listener, device.local), "listener and peer")
    expect(0 <= row["idle"] <= row["age"] < 30 and row["opened"].endswith("Z"), f"times: {row}")
    expect_equal((row["messages_up"], row["name"]), (2, f"boiler {device.device_id[-1]}"), "messages and name")


def ids(document):
    expect_equal(document["truncated"], len(document["sessions"]) < document["total"], "truncated")
    return sorted(row["device"] for row in document["sessions"])


def check_filters(admin, names):
    odd, even = sorted(names[0::2]), sorted(names[1::2])
    expect_equal(ids(admin.get("/v1/sessions")), sorted(names), "all sessions")
    expect_equal(ids(admin.get("/v1/sessions?credential=even")), even, "sessions of one key")
    expect_equal(ids(admin.get("/v1/sessions?listener=fleet")), sorted(names[:4]), "sessions of one listener")
    both = ids(admin.get("/v1/sessions?listener=fleet&credential=odd"))
    expect_equal(both, [name for name in odd if name in names[:4]], "both filters")
    for nothing in ("device=02:00:00:00:99:99", "listener=nobody", "credential=nobody"):
        document = admin.get(f"/v1/sessions?{nothing}")
        expect_equal(document, {"sessions": [], "total": 0, "truncated": False}, nothing)
    some = admin.get("/v1/sessions?limit=2")
    expect_equal((len(some["sessions"]), some["total"], some["truncated"]), (2, 6, True), "a limit")
    expect_equal(admin.get("/v1/sessions?limit=6")["truncated"], False, "a limit that suffices")
    for wrong in ("device=boiler%2017", "limit=0", "limit=10001", "limit=all", "limit=-1", "colour=blue"):
        admin.refused("GET", f"/v1/sessions?{wrong}", 400, "bad_request")


def main():
    keys = fleet(6)
    names = list(keys)
    devices = {
        name: {"name": f"boiler {name[-1]}", "psk": [psk_entry(key, "even" if number % 2 else "odd")]}
        for number, (name, key) in enumerate(keys.items())
    }
    with Backend() as backend, Gatehouse(backend, devices, listeners=TCP_AND_UDP) as gate:
        admin = admin_of(gate)
        expect_equal(admin.get("/v1/sessions"), {"sessions": [], "total": 0, "truncated": False}, "nobody")
        inside = [gate.connect(name) for name in names[:4]] + [connect_udp(gate, name) for name in names[4:]]
        for device in inside:
            device.send(b"one")
            device.send(b"two")
            backend.wait_data(device.device_id, 2)
        check_members(admin, backend, inside[0], "fleet")
        check_members(admin, backend, inside[4], "air")
        check_filters(admin, names)

        for device in (inside[0], inside[4]):
            session = backend.opened(device.device_id)["session"]
            expect_equal(admin.post(f"/v1/sessions/{session}/close"), {"done": True}, "the answer")
            device.expect_bye()
            wait_closed(backend, session, "admin")
            gone = f"/v1/sessions/{session}/close"
            eventually(lambda: admin.ask("POST", gone).status == 404, "the session is gone")
            admin.refused("POST", gone, 404, "unknown_session")
        for unknown in ("0000000000000000", "ffffffffffffffff", "nonsense", "0", "00000000000000000"):
            admin.refused("POST", f"/v1/sessions/{unknown}/close", 404, "unknown_session")
        gate.connect(names[0]).ping()
        connect_udp(gate, names[4]).ping()
        for device in (*inside[1:4], inside[5]):
            device.ping()
        expect_equal(len(backend.select(type="close")), 2, "sessions that ended")


run(main)
