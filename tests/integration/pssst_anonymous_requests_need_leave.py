"""A request without a client key is refused unless the credential file says `anonymous: true`, and silently.

A reload of the file is enough, both ways.
"""

from support.backend import Backend
from support.changes import reloading, replace
from support.expect import expect_equal, run
from support.pssst_gate import PssstGate


def main():
    with Backend(echo=True) as backend, PssstGate(backend, ["meter-4"]) as gate:
        nobody = gate.client()
        gate.drops_silently(nobody, nobody.request(b"hello"), "anonymous")
        expect_equal(gate.client("meter-4").ask(b"hello"), b"hello", "a device of the file")
        for allowed in (True, False):
            with reloading(gate):
                replace(gate.credential_file, gate.ring(["g1"], ["meter-4"], anonymous=allowed))
            if allowed:
                expect_equal(nobody.ask(b"hello"), b"hello", "an anonymous request")
        gate.drops_silently(nobody, nobody.request(b"hello"), "anonymous")
        expect_equal(len(backend.select(type="open", device="anonymous")), 1, "anonymous requests at the backend")


run(main)
