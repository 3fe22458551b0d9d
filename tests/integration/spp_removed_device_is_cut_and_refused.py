"""A device that is removed, disabled or given another key loses its session at once; the others stay.

Also between its hello and its first record: it is judged by the keys of the handshake's end.
"""

from support.backend import Backend
from support.changes import reloading, replace, wait_closed
from support.expect import expect, run
from support.spp_gate import SppGate, spp_credentials

NAMES = ("stays", "removed", "off")


def main():
    with Backend(echo=True) as backend, SppGate(backend, NAMES) as gate:
        inside = {name: gate.connect(name) for name in NAMES}
        sessions = {name: backend.opened(name)["session"] for name in NAMES}
        between = gate.device("removed").open()
        between.shake_hands()
        expect(inside["stays"].recv() == b"first", "the echo")

        with reloading(gate):
            replace(gate.credential_file, spp_credentials(("stays", "off"), off={"enabled": False}))
        for name in ("removed", "off"):
            inside[name].expect_closed()
            wait_closed(backend, sessions[name], "revoked")
        between.send(b"too late")
        between.expect_closed()
        gate.wait_refused("auth_failed", "key is revoked: key g1")
        expect(gate.device("removed").is_refused(), "a removed device is refused")
        gate.wait_refused("unknown_device", "signed by no device")
        expect(gate.device("off").is_refused(), "a disabled device is refused")
        gate.wait_refused("auth_failed", "device is disabled", before=1)
        expect(inside["stays"].is_alive(), "the others stay")


run(main)
