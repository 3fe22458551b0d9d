"""The gateway's own keys are changed as an operator does it with what the gateway shows. SPP and PSSST.

SPP devices, which know one key of the gateway, are first listed for the old one; the new one comes in front of it, and
nobody notices. One after the other they get the new key, and their entry names it from then on. PSSST devices are not
listed for a key: the gateway tries all, and the list of those that need the old one shrinks. At last the old key goes.
A meter and a sensor that were not moved are cut with the reason `revoked`, and are refused; nobody else notices.
"""

from support.admin import admin_of
from support.backend import Backend
from support.changes import wait_closed
from support.expect import eventually, expect, expect_equal, run
from support.keyed_gate import METERS, SENSORS, SEVERAL_SESSIONS, KeyedGate

METER_NAMES = [f"meter-{number}" for number in range(1, 7)]
SENSOR_NAMES = [f"sensor-{number}" for number in range(1, 7)]
LATE_METER, LATE_SENSOR = METER_NAMES[-1], SENSOR_NAMES[-1]
BOTH = ("g2", "g1")
OPEN = "gatehouse_credential_sessions"


def stale(admin):
    return {row["device"] for row in admin.get(f"/v1/keys/g1/stale?credentials={SENSORS}")["devices"]}


def enrolled(admin, key_id):
    rows = admin.get(f"/v1/keys?credentials={METERS}")["keys"]
    return next((row["devices"] for row in rows if row["id"] == key_id), 0)


def ask(gate, name, key_id):
    expect_equal(gate.client(name, key_id).ask(b"21.5"), b"21.5", f"the reply to {name} under {key_id}")


def move_meters(gate, admin, backend, inside):
    pins = dict.fromkeys(METER_NAMES, "g1")
    gate.change(METERS, keys_of=pins)
    gate.change(METERS, gateway_keys=BOTH, keys_of=pins)
    expect(all(device.is_alive() for device in inside.values()), "nobody notices the new key")
    gate.connect(LATE_METER).close()
    expect_equal((enrolled(admin, "g1"), enrolled(admin, "g2")), (6, 0), "who is listed for which key")
    for done, name in enumerate(METER_NAMES[:-1], 1):
        inside[name].close()
        backend.wait_for(1, type="close", session=backend.opened(name)["session"])
        pins[name] = "g2"
        gate.change(METERS, gateway_keys=BOTH, keys_of=pins)
        inside[name] = gate.connect(name, "g2")
        expect_equal(inside[name].recv(), b"first", "the echo")
        expect_equal((enrolled(admin, "g1"), enrolled(admin, "g2")), (6 - done, done), "who is listed for which key")
    gate.wait_metric(OPEN, 1, credentials=METERS, credential="g1")
    gate.wait_metric(OPEN, 5, credentials=METERS, credential="g2")
    return pins


def move_sensors(gate, admin):
    gate.change(SENSORS, gateway_keys=BOTH)
    for name in SENSOR_NAMES:
        ask(gate, name, "g1")
    left = set(SENSOR_NAMES)
    eventually(lambda: stale(admin) == left, "everybody needs the old key")
    for name in SENSOR_NAMES[:-1]:
        ask(gate, name, "g2")
        left.remove(name)
        eventually(lambda: stale(admin) == left, f"{name} is off the list")


def end_the_old_key(gate, backend, inside, pins):
    waiting = gate.client(LATE_SENSOR)
    backend.echo = False
    waiting.send(b"under way")
    request = backend.wait_for(1, type="data", device=LATE_SENSOR, where=lambda r: r.get("data") == "dW5kZXIgd2F5")[0]
    before = {record["session"] for record in backend.select(type="close")}

    pins[LATE_METER] = "g2"
    gate.change(METERS, gateway_keys=("g2",), keys_of=pins)
    gate.change(SENSORS, gateway_keys=("g2",))
    inside.pop(LATE_METER).expect_closed()
    wait_closed(backend, backend.opened(LATE_METER)["session"], "revoked")
    wait_closed(backend, request["session"], "revoked")
    backend.echo = True
    for device in inside.values():
        expect(device.is_alive(), f"{device.device_id} stays")
    ended = {record["session"] for record in backend.select(type="close")} - before
    expect_equal(ended, {backend.opened(LATE_METER)["session"], request["session"]}, "sessions that ended")
    expect_equal(waiting.take(0.05), None, "a reply under a key that is gone")
    gate.drops_silently(waiting, b"late", "decrypt_failed")
    gate.wait_metric(OPEN, 0, credentials=METERS, credential="g1")


def main():
    names = {METERS: METER_NAMES, SENSORS: SENSOR_NAMES}
    with Backend(echo=True) as backend, KeyedGate(backend, names, listeners=SEVERAL_SESSIONS) as gate:
        admin = admin_of(gate)
        inside = {name: gate.connect(name) for name in METER_NAMES}
        for device in inside.values():
            expect_equal(device.recv(), b"first", "the echo")
        pins = move_meters(gate, admin, backend, inside)
        move_sensors(gate, admin)
        end_the_old_key(gate, backend, inside, pins)

        expect_equal(gate.connect(LATE_METER, "g2").recv(), b"first", "the echo for who comes back with the new key")
        ask(gate, LATE_SENSOR, "g2")
        gate.change(METERS, gateway_keys=("g2",))
        expect(all(device.is_alive() for device in inside.values()), "nobody notices that entries name no key any more")
        ids = {(row["credentials"], row["id"]) for row in admin.get("/v1/keys")["keys"] if row["devices"]}
        expect_equal(ids, {(METERS, "g2"), (SENSORS, "g2")}, "keys that are left")


run(main)
