"""`messages_per_second` slows a device down and refuses nothing; its snapshots do not count, and others do not wait."""

import time

from support.array_crypto_gate import V1, V2, ArrayCryptoGate
from support.backend import Backend
from support.expect import expect, expect_equal, run

RATE, MESSAGES = 5, 15


def main():
    listener = {"limits": {"messages_per_second": RATE}}
    with Backend(echo=True) as backend, ArrayCryptoGate(backend, listener=listener) as gate:
        slowed, other = gate.client(V2), gate.client(V1)
        began = time.monotonic()
        for i in range(MESSAGES):
            text = f"message {i}".encode()
            expect_equal(slowed.talk(text), text, "the echo")
        took = time.monotonic() - began
        # A second's worth may come at once.
        expect(took > (MESSAGES - 2 * RATE) / RATE, f"{MESSAGES} messages took {took:.2f} s")
        expect_equal(slowed.connections, 1, "connections")
        began = time.monotonic()
        expect_equal(other.talk(b"quick"), b"quick", "another device")
        expect(time.monotonic() - began < 1, "it does not wait")


run(main)
