"""A device that leaves the file is refused from then on, and its request under way ends as `revoked`.

Another device notices nothing.
"""

from support.backend import Backend
from support.changes import reloading, replace, wait_closed
from support.expect import expect_equal, run
from support.pssst_gate import PssstGate


def main():
    with Backend() as backend, PssstGate(backend, ["meter-4", "meter-9"]) as gate:
        leaving, staying = gate.client("meter-4"), gate.client("meter-9")
        leaving.send(b"under way")
        request = staying.send(b"under way, too")
        cut = backend.opened("meter-4")["session"]
        kept = backend.opened("meter-9")["session"]
        with reloading(gate):
            replace(gate.credential_file, gate.ring(["g1"], ["meter-9"]))
        wait_closed(backend, cut, "revoked")
        gate.drops_silently(leaving, leaving.request(b"again"), "unknown_device")
        backend.send({"type": "data", "session": cut, "payload": b"too late"})
        backend.wait_for(1, type="error", session=cut)
        expect_equal(leaving.take(0.05), None, "a reply to a device that is gone")
        backend.send_data(kept, b"all is well")
        expect_equal(request.open(staying.take()), b"all is well", "the other device's reply")


run(main)
