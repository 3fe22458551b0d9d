"""A device whose HELLO_RETRY was lost gets in with its next HELLO; a lost CHALLENGE or SESSION_OK is sent again.

HELLO_RETRY is sent once for each HELLO, as nothing is kept about it. So a device that has lost it, and begins again as
its time limit says, is answered again, also when its HELLO is the same as before. What the gateway keeps state about,
it repeats itself: the first CHALLENGE and the first SESSION_OK are lost, and the device waits and gets in.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.datagram_relay import DOWN, DatagramRelay
from support.expect import expect, expect_equal, expect_raises, run
from support.fleet import ONE, TWO, fleet
from support.hostile import expect_alive
from support.usmp_device import TimedOut


def lose_first(relay, *kinds):
    """The first datagram of each of these types towards the device is lost."""
    left = set(kinds)

    def drop(direction, raw):
        if direction == DOWN and raw[:2] == wire.MAGIC and raw[3] in left:
            left.remove(raw[3])
            return True
        return False

    relay.drop = drop
    return left


def main():
    settings = {"cookies": "always"}
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(2), usmp=settings, listener=UDP) as gate:
        with DatagramRelay(gate.port) as relay:
            left = lose_first(relay, wire.HELLO_RETRY)
            device = gate.datagram_device(ONE, port=relay.port, timeout=0.5).open()
            device.send_hello()
            expect_raises(TimedOut, device.wait_step, wire.HELLO_RETRY, wire.CHALLENGE)
            expect_equal(left, set(), "HELLO_RETRY was lost")
            device.timeout = 10.0
            device.handshake()
            expect_alive(device)

        with DatagramRelay(gate.port) as relay:
            left = lose_first(relay, wire.CHALLENGE, wire.SESSION_OK)
            device = gate.connect_datagram(TWO, port=relay.port)
            expect_equal(left, set(), "CHALLENGE and SESSION_OK were lost")
            expect_alive(device)
        gate.wait_handshakes("ok", 2)
        expect(gate.metric("gatehouse_retransmitted_frames_total", listener="fleet") >= 2, "retransmissions")


run(main)
