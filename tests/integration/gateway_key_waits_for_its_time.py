"""A new gateway key may stand in the file before its `not_before`: devices are served with the older one until then.

At that time it is the newest: SPP devices that may use both are answered with it, and PSSST requests made for it are
taken. Sessions under the older key go on, and it is accepted as before.
"""

import time

from support.backend import Backend
from support.expect import eventually, expect, expect_equal, run
from support.keyed_gate import METERS, SENSORS, SEVERAL_SESSIONS, KeyedGate, stamp

AHEAD = 3  # whole seconds, as times in the file are
NAMES = {METERS: ["either", "listed"], SENSORS: ["sensor"]}
KEYS_OF = {"listed": "g1"}


def main():
    with Backend(echo=True) as backend, KeyedGate(backend, NAMES, listeners=SEVERAL_SESSIONS) as gate:
        opening = int(time.time()) + AHEAD + 1
        keys = {"g2": {"not_before": stamp(opening)}, "g1": {}}
        gate.change(METERS, gateway_keys=keys, keys_of=KEYS_OF)
        gate.change(SENSORS, gateway_keys=keys)
        early = gate.connect("either", "g1")
        listed = gate.connect("listed", "g1")
        expect_equal([early.recv(), listed.recv()], [b"first"] * 2, "echoes")
        new, old = gate.client("sensor", "g2"), gate.client("sensor", "g1")
        gate.drops_silently(new, b"early", "decrypt_failed")
        expect_equal(old.ask(b"21.5"), b"21.5", "the reply under the older key")
        expect(time.time() < opening, "the test is quick enough")
        gate.wait_metric("gatehouse_credentials", 1, credentials=SENSORS, state="pending")

        eventually(lambda: time.time() >= opening, "the key's time has come")
        expect_equal(gate.connect("either", "g2").recv(), b"first", "the echo under the new key")
        expect_equal(backend.opened("either", 2)["credential"], "g2", "the key in the record")
        expect_equal(new.ask(b"21.6"), b"21.6", "the reply under the new key")
        expect_equal(old.ask(b"21.7"), b"21.7", "the reply under the older key, still")
        expect_equal(gate.connect("listed", "g1").recv(), b"first", "the echo for who is listed for the older key")
        expect(early.is_alive() and listed.is_alive(), "sessions of before go on")


run(main)
