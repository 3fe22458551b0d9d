"""When credentials change again while the change before is still being loaded, the last one is in force soon.

Thirty times two changes with a varying little time between them, filled with questions: each time the keys of the
second one are in force soon, not only at the next look after five seconds.
"""

from support.admin import admin_of
from support.backend import Backend
from support.changes import replace_credentials
from support.daemon import Gatehouse, psk_entry
from support.expect import eventually, expect_equal, run
from support.fleet import ONE, TWO, fleet, key_for

ROUNDS = 30
SOON = 3.0


def main():
    devices = fleet(1)
    with Backend() as backend, Gatehouse(backend, devices) as gate:
        admin = admin_of(gate)
        gate.connect(ONE).ping()
        for number in range(ROUNDS):
            for which in ("first", "second"):
                entry = {"psk": [psk_entry(key_for(f"{which} {number}"), f"{which}-{number}")]}
                replace_credentials(gate, {**devices, TWO: entry})
                for _ in range(number if which == "first" else 0):
                    admin.get("/v1/version")

            def is_in_force():
                document = admin.ask("GET", f"/v1/devices/{TWO}").document
                return [key["id"] for key in document.get("keys", [])] == [f"second-{number}"]

            eventually(is_in_force, f"the second change of round {number}", SOON)
        expect_equal(backend.select(type="close"), [], "close records")


run(main)
