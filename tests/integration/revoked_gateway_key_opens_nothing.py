"""A gateway key that is marked `revoked` ends what it carried at once, and opens nothing more. SPP and PSSST.

It stays in the file, so the log says when a device that is listed for it alone comes: `key is revoked`, with its id. A device
that may use the other key is answered with that one. A PSSST request that was made for it is `decrypt_failed`.
"""

from support.backend import Backend
from support.changes import wait_closed
from support.expect import expect, expect_equal, run
from support.keyed_gate import METERS, SENSORS, KeyedGate

NAMES = {METERS: ["listed", "either", "new"], SENSORS: ["sensor"]}
KEYS_OF = {"listed": "g1", "new": "g2"}
REVOKED = {"g1": {"revoked": True}, "g2": {}}


def main():
    with Backend() as backend, KeyedGate(backend, NAMES, ("g1", "g2")) as gate:
        gate.change(METERS, gateway_keys=("g1", "g2"), keys_of=KEYS_OF)
        inside = {name: gate.connect(name, key) for name, key in (("listed", "g1"), ("either", "g1"), ("new", "g2"))}
        sessions = {name: backend.opened(name)["session"] for name in inside}
        waiting = gate.client("sensor")
        waiting.send(b"under way")
        request = backend.opened("sensor")["session"]

        gate.change(METERS, gateway_keys=REVOKED, keys_of=KEYS_OF)
        gate.change(SENSORS, gateway_keys=REVOKED)
        for name in ("listed", "either"):
            inside[name].expect_closed()
            wait_closed(backend, sessions[name], "revoked")
        wait_closed(backend, request, "revoked")
        expect_equal(waiting.take(0.05), None, "a reply")
        inside["new"].send(b"still here")
        backend.wait_data("new", 2)

        expect(gate.device("listed", "g1").is_refused(), "it may use no other")
        refused = gate.wait_log_record("handshake refused", device="listed")
        expect_equal((refused["reason"], refused["detail"]), ("auth_failed", "key is revoked: key g1"), "what the log says")
        gate.connect("either", "g2")
        expect_equal(backend.opened("either", 2)["credential"], "g2", "the key that is left")
        gate.drops_silently(waiting, b"late", "decrypt_failed")
        gate.client("sensor", "g2").send(b"with the other key")
        expect_equal(backend.opened("sensor", 2)["credential"], "g2", "the key of the next request")
        gate.wait_metric("gatehouse_credentials", 2, credentials=METERS, state="revoked")
        expect_equal(len(backend.select(type="close")), 3, "sessions that ended")


run(main)
