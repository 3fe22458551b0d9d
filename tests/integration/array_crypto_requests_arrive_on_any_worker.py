"""A device may ask for each snapshot and send each message on a connection of its own, whichever worker gets it: pairs,
replies and what was accepted are known to all."""

from support.array_crypto_gate import V1, V2, ArrayCryptoGate
from support.backend import Backend
from support.expect import expect, expect_equal, run

ROUNDS = 40


def main():
    listener = {"limits": {"sessions_per_device": 0}}
    with Backend(echo=True) as backend, ArrayCryptoGate(backend, listener=listener, workers=4) as gate:
        for name in (V1, V2):
            for i in range(ROUNDS):
                text = f"{name} {i}".encode()
                asks, sends, decrypts, repeats = (gate.client(name) for _ in range(4))
                sealed = asks.encrypt(text)
                answer = sends.post(sealed)
                expect_equal(decrypts.decrypt(answer.body), text, f"the echo to {name}, round {i}")
                expect_equal(repeats.post(sealed).status, 400, f"a repeat, round {i}")
                for one in (asks, sends, decrypts, repeats):
                    one.close()
            expect_equal(len(backend.settled_data(name)), ROUNDS, f"messages of {name}")
        workers = {record["connection"] for record in backend.select(type="open")}
        expect(len(workers) > 1, "sessions were on several workers")


run(main)
