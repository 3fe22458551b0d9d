"""The `not_after` of a gateway key ends what it carried, with the reason `revoked`, at that time: SPP and PSSST.

SPP sessions end, a PSSST request that waits for its reply too, and a device between its hello and its first record is
refused. Afterwards the key opens nothing: a meter that may use the next one gets that, one that may not is refused, and
a request under it is `decrypt_failed` without a word. Moved further away before it is over, the end counts anew.
"""

import time

from support.backend import Backend
from support.changes import wait_closed
from support.expect import expect, expect_equal, run
from support.keyed_gate import METERS, SENSORS, KeyedGate, stamp

AHEAD = 3  # whole seconds, as times in the file are
NAMES = {METERS: ["ends", "stays", "later", "between"], SENSORS: ["asks"]}
KEYS_OF = {"ends": "g1", "between": "g1", "later": "g3"}


def keys(first_end, third_end):
    return {"g2": {}, "g3": {"not_after": stamp(third_end)}, "g1": {"not_after": stamp(first_end)}}


def main():
    with Backend() as backend, KeyedGate(backend, NAMES) as gate:
        gate.change(METERS, gateway_keys=("g2", "g3", "g1"), keys_of=KEYS_OF)
        inside = {name: gate.connect(name, key) for name, key in (("ends", "g1"), ("stays", "g2"), ("later", "g3"))}
        sessions = {name: backend.opened(name)["session"] for name in inside}
        waiting = gate.client("asks")
        waiting.send(b"under way")
        request = backend.opened("asks")["session"]

        end = int(time.time()) + AHEAD + 1
        gate.change(METERS, gateway_keys=keys(end, end), keys_of=KEYS_OF)
        gate.change(SENSORS, gateway_keys=keys(end, end))
        gate.change(METERS, gateway_keys=keys(end, end + 3600), keys_of=KEYS_OF)
        between = gate.device("between").open().shake_hands()
        inside["ends"].send(b"before the end")
        expect_equal(backend.wait_data("ends", 2)[1], b"before the end", "it works until then")
        expect(time.time() < end, "the test is quick enough")

        inside["ends"].expect_closed()
        wait_closed(backend, sessions["ends"], "revoked")
        wait_closed(backend, request, "revoked")
        over = time.time()
        print(f"ended {1000 * (over - end):.0f} ms after not_after")
        expect(end - 0.1 <= over < end + 1.5, f"ended {over - end:.2f} s after the key's end")
        expect_equal(waiting.take(0.05), None, "a reply")

        between.send(b"too late")
        between.expect_closed()
        refused = gate.wait_log_record("handshake refused", device="between")
        expect("outside its validity window: key g1" in refused["detail"], f"why: {refused}")
        expect(gate.device("ends").is_refused(), "the key opens nothing any more")
        gate.drops_silently(gate.client("asks"), b"late", "decrypt_failed")
        gate.client("asks", "g2").send(b"with the next key")
        expect_equal(backend.opened("asks", 2)["credential"], "g2", "the key of the next request")
        for name in ("stays", "later"):
            inside[name].send(b"still here")
            backend.wait_data(name, 2)
        expect_equal(len(backend.select(type="close")), 2, "sessions that ended")


run(main)
