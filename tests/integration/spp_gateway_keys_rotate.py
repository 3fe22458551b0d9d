"""Gateway keys are changed device by device: while two are listed, each device gets the answer of the key it expects.

A device that is listed for both is answered with the newer one. When the old key is removed, sessions that it carried
end as `revoked` at once, the others stay, and devices that expect it are refused.
"""

from support.backend import Backend
from support.changes import reloading, replace
from support.expect import expect, expect_equal, expect_raises, run
from support.spp_device import Closed, Violation
from support.spp_gate import SppGate, spp_credentials

NAMES = ("old", "new", "either")


def main():
    keys_of = {"old": "g1", "new": "g2"}
    with Backend(echo=True) as backend, SppGate(backend, NAMES, gateway_keys=("g2", "g1"), keys_of=keys_of) as gate:
        expected = {"old": "g1", "new": "g2", "either": "g2"}
        inside = {name: gate.connect(name, gateway_key=key) for name, key in expected.items()}
        for name, key in expected.items():
            expect_equal(backend.opened(name)["credential"], key, f"the key of {name}")
            expect_equal(inside[name].recv(), b"first", "the echo")
        gate.wait_metric("gatehouse_credential_sessions", 1, credentials="fleet", credential="g1")
        gate.wait_metric("gatehouse_credential_sessions", 2, credentials="fleet", credential="g2")
        expect_raises(Violation, gate.connect, "either", gateway_key="g1")

        with reloading(gate):
            replace(gate.credential_file, spp_credentials(("new", "either"), ("g2",)))
        expect_equal(inside["old"].expect_closed(), b"", "what came before the end")
        expect_equal(backend.closed(backend.opened("old")["session"])["reason"], "revoked", "why it ended")
        for name in ("new", "either"):
            expect(inside[name].is_alive(), f"{name} stays")
        expect_raises(Closed, gate.connect, "old", gateway_key="g1")
        gate.wait_handshakes("unknown_device", 1)


run(main)
