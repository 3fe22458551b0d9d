"""When the wall clock is set, SPP sessions and PSSST requests whose gateway key is over by the new time end.

Those of keys without an end, or with a later one, stay. A clock that goes back ends nothing; but a key that is not open
yet by that time lets nobody in.
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
        for nth, key_id in enumerate(("g3", "g1"), 1):
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
        eventually(lambda: len(gate.log_records("clock stepped")) == 2, "the second step is noticed")
        expect(gate.device("fresh", "g4").is_refused(), "its key is not open yet by the new time")
        gate.drops_silently(gate.client("sensor", "g4"), b"early", "decrypt_failed")
        gate.connect("over", "g3")
        backend.opened("over", 2)
        for name, device in inside.items():
            device.send(b"still here")
            expect_equal(backend.wait_data(name, 2), [b"first", b"still here"], f"messages of {name}")
        ended = {record["session"] for record in backend.select(type="close")}
        expect_equal(ended, {sessions["over"], requests["g3"]}, "sessions that ended")


run(main)
