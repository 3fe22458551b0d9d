"""Two different packets under one DH value would share a key and nonces: the second is refused, whenever it comes.

While the first is under way, after its reply, and from another port. The first goes on as if nothing had happened.
"""

from support.backend import Backend
from support.expect import expect_equal, run
from support.fleet import key_for
from support.pssst_gate import PssstGate


def main():
    with Backend() as backend, PssstGate(backend, ["meter-4"]) as gate:
        client, elsewhere = gate.client("meter-4"), gate.client("meter-4")
        ephemeral = key_for("an ephemeral key that is used twice")
        first = client.send(b"one", ephemeral=ephemeral)
        second = client.request(b"two", ephemeral=ephemeral)
        session = backend.opened("meter-4")["session"]
        gate.drops_silently(elsewhere, second, "reused_dh")
        backend.send_data(session, b"reply to one")
        expect_equal(first.open(client.take()), b"reply to one", "the reply")
        gate.drops_silently(client, second, "reused_dh")
        gate.drops_silently(elsewhere, second, "reused_dh")
        expect_equal(backend.data("meter-4"), [b"one"], "messages at the backend")
        expect_equal(client.ask(b"three", timeout=0.05), None, "a new request waits for its own reply")
        expect_equal(len(backend.wait_for(2, type="open")), 2, "requests at the backend")


run(main)
