"""A device that uses two addresses at once gets its acknowledgements at each, and makes no storm of moves.

Its frames alternate between two sockets: each is acknowledged where it was sent from and arrives once, in order.
Messages from the backend reach one of the two. The session moves at most about once a second.
"""

import time

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet

FRAMES = 60


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1), listener=UDP, workers=4) as gate:
        device = gate.connect_datagram(ONE)
        session = backend.opened(ONE)["session"]
        old = device.rebind("127.0.0.9", keep=True)
        begun = time.monotonic()
        for number in range(FRAMES):
            frame = device.channel.seal(wire.DATA, b"message %d" % number)
            sock = (device.socket, old)[number % 2]
            expect(device.is_acknowledged(frame, from_socket=sock), f"UTACK {number} where the frame came from")
            if number % 10 == 0:
                backend.send_data(session, b"down %d" % number)
                expect_equal(device.recv(), b"down %d" % number, "downlink")
        lasted = time.monotonic() - begun
        expect_equal(backend.settled_data(ONE), [b"message %d" % number for number in range(FRAMES)], "messages")
        moves = gate.metric("gatehouse_session_moves_total", listener="fleet")
        expect(1 <= moves <= lasted + 2, f"{moves} moves within {lasted:.1f} s")


run(main)
