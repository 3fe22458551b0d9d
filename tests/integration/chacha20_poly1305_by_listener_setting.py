"""A listener with `cipher: chacha20-poly1305` serves devices that were built with that cipher.

Two listeners of one daemon, one per cipher: a device of the right cipher talks on each (fragments and rekey included).
A device of the other cipher gets in, since the cipher is not negotiated, but its first frame ends its session.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import ONE, THREE, TWO, fleet
from support.hostile import expect_alive

CHACHA = "chacha20-poly1305"


def main():
    listeners = [{"name": "fleet", "usmp": {"cipher": CHACHA}}, {"name": "stock"}]
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(3), listeners=listeners) as gate:
        device = gate.connect(ONE, cipher=CHACHA)
        expect_alive(device)
        expect_alive(device, b"x" * 1808)
        device.rekey()
        expect_alive(device)
        expect_alive(gate.connect(TWO, port=gate.ports["stock"]))

        stranger = gate.connect(THREE)
        stranger.send(b"under the other cipher")
        stranger.expect_closed()
        gate.wait_rejected("decrypt", 1)
        session = backend.opened(THREE)["session"]
        expect_equal(backend.closed(session)["reason"], "protocol", "reason of the close record")


run(main)
