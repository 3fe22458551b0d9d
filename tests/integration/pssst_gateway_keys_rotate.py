"""Two gateway keys at once: each device is served under the one that it knows, and records name it.

A device that is listed with one gateway key is refused under the other. When the old key leaves the file, requests
under it are silence, and a request under way that it had opened ends as `revoked`.
"""

from support.backend import Backend
from support.changes import reloading, replace, wait_closed
from support.expect import expect_equal, run
from support.pssst_gate import PssstGate

NAMES = ["meter-4", "meter-9"]


def main():
    pinned = {"meter-9": "g2"}
    with Backend() as backend, PssstGate(backend, NAMES, gateway_keys=("g2", "g1"), keys_of=pinned) as gate:
        old, new = gate.client("meter-4", "g1"), gate.client("meter-4", "g2")
        for nth, (client, key_id) in enumerate(((old, "g1"), (new, "g2")), 1):
            request = client.send(b"hello")
            opened = backend.opened("meter-4", nth)
            expect_equal(opened["credential"], key_id, "the key in the record")
            backend.send_data(opened["session"], b"yes")
            expect_equal(request.open(client.take()), b"yes", "the reply")
        under_old = gate.client("meter-9", "g1")
        gate.drops_silently(under_old, under_old.request(b"hello"), "key_not_accepted")

        old.send(b"under way")
        waiting = backend.opened("meter-4", 3)["session"]
        with reloading(gate):
            replace(gate.credential_file, gate.ring(["g2"], NAMES, pinned))
        wait_closed(backend, waiting, "revoked")
        gate.drops_silently(old, old.request(b"late"), "decrypt_failed")
        new.send(b"still here")
        backend.wait_for(4, type="open")


run(main)
