"""When the wall clock is set, SPP sessions and PSSST requests end whose gateway key is not open by the new time.

A key that is over by then, and a key that is not open yet. It lets nobody in either. Those of keys without bounds, or with
wider ones, stay.
"""

import time

from support.backend import Backend
from support.changes import wait_closed
from support.expect import eventually, expect, expect_equal, run
from support.keyed_gate import METERS, SENSORS, KeyedGate, keyed_text, stamp
from support.stepped_clock import SteppedClock

HOUR = 3600
KEYS_OF = {"ever": "g1", "later": "g2", "over": "g3", "fresh": "g4"}
METER_NAMES = list(KEYS_OF)


def main():
    start = int(time.time())
    keys = {
        "g4": {"not_before": stamp(start - HOUR)},
        "g3": {"not_after": stamp(start + HOUR)},
        "g2": {"not_after": stamp(start + 9 * HOUR)},
        "g1": {},
    }
    names = {METERS: METER_NAMES, SENSORS: ["sensor"]}
    texts = {METERS: keyed_text(METERS, METER_NAMES, keys, KEYS_OF), SENSORS: keyed_text(SENSORS, ["sensor"], keys)}
    with SteppedClock() as clock, Backend() as backend, KeyedGate(backend, names, texts=texts) as gate:
        inside = {name: gate.connect(name, key_id) for name, key_id in KEYS_OF.items()}
        sessions = {name: backend.opened(name)["session"] for name in inside}
        requests = {}
        for nth, key_id in enumerate(("g3", "g4", "g1"), 1):
            gate.client("sensor", key_id).send(b"under way")
            requests[key_id] = backend.opened("sensor", nth)["session"]

        clock.set(2 * HOUR)
        inside.pop("over").expect_closed()
        wait_closed(backend, sessions["over"], "revoked")
        wait_closed(backend, requests["g3"], "revoked")
        gate.wait_log_record("clock stepped")
        expect(gate.device("over", "g3").is_refused(), "its key is over by the new time")
        gate.drops_silently(gate.client("sensor", "g3"), b"late", "decrypt_failed")

        clock.set(-2 * HOUR)
        inside.pop("fresh").expect_closed()
        wait_closed(backend, sessions["fresh"], "revoked")
        wait_closed(backend, requests["g4"], "revoked")
        eventually(lambda: len(gate.log_records("clock stepped")) == 2, "the second step is noticed")
        expect(gate.device("fresh", "g4").is_refused(), "its key is not open yet by the new time")
        gate.drops_silently(gate.client("sensor", "g4"), b"early", "decrypt_failed")
        gate.connect("over", "g3")
        backend.opened("over", 2)
        for name, device in inside.items():
            device.send(b"still here")
            expect_equal(backend.wait_data(name, 2), [b"first", b"still here"], f"messages of {name}")
        ended = {record["session"] for record in backend.select(type="close")}
        wanted = {sessions["over"], sessions["fresh"], requests["g3"], requests["g4"]}
        expect_equal(ended, wanted, "sessions that ended")


run(main)
