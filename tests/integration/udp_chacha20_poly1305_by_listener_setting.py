"""With `cipher: chacha20-poly1305` a device that was built with it talks over UDP, another one does not.

Its frames do not authenticate: they are counted as `decrypt` and not acknowledged, but end nothing, as over UDP anybody
could have sent them.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, TWO, fleet
from support.hostile import expect_alive

CIPHER = "chacha20-poly1305"


def main():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(2), usmp={"cipher": CIPHER}, listener=UDP) as gate:
        device = gate.connect_datagram(ONE, cipher=CIPHER)
        expect_alive(device)
        device.send(bytes(1808))
        expect_equal(device.recv(), bytes(1808), "echo of the largest message")
        device.rekey()
        expect_alive(device)
        other = gate.connect_datagram(TWO)
        expect(not other.is_acknowledged(other.channel.seal(wire.DATA, b"text"), 0.2), "UTACK for the other cipher")
        gate.wait_rejected("decrypt", 1)
        gate.wait_metric("gatehouse_sessions", 2, listener="fleet")


run(main)
