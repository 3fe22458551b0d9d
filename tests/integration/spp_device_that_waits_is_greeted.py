"""A device that waits for the gateway's hello gets it after `spp.greet_after`, signed with the default key.

The default is the newest key that is open. A device that expects another one is refused by name of that key; when it
speaks first, it is answered with its own key, however long the delay. A device that has begun its hello is not greeted.
"""

from support.backend import Backend
from support.expect import expect, expect_equal, run
from support.spp_gate import SppGate

KEYS = ("g2", "g1")


def main():
    names = ("new-1", "old-1")
    spp = {"greet_after": "200ms"}
    with Backend(echo=True) as backend, SppGate(
        backend, names, gateway_keys=KEYS, keys_of={"old-1": "g1"}, spp=spp
    ) as gate:
        for generation in ("0.2", "0.1"):
            waiting = gate.device("new-1", generation, gateway_key="g2").open()
            waiting.read_hello()
            waiting.send_hello()
            expect(waiting.is_alive(), "a device that was greeted talks")
            waiting.close()
        expect_equal(backend.opened("new-1")["credential"], "g2", "the key that it was greeted with")

        mistaken = gate.device("old-1", gateway_key="g2").open()
        mistaken.read_hello()
        mistaken.send_hello()
        mistaken.expect_closed()
        refusal = gate.wait_refused("auth_failed", "greeted with key g2")
        expect_equal(refusal["device"], "old-1", "who was refused")
        expect(gate.connect("old-1", gateway_key="g1").recv() == b"first", "it speaks first: its own key answers")

        slow = gate.device("old-1", gateway_key="g1").open()
        hello = slow.hello()
        slow.send_raw(hello[:5])
        expect(slow.is_silent(0.6), "a device that has begun its hello is not greeted")
        slow.send_raw(hello[5:])
        slow.read_hello()
        expect(slow.is_alive(), "and gets its own key")


run(main)
