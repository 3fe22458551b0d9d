"""Somebody on the path who is faster with the device's own frame than the device cannot keep the session.

A stranger sends a frame of the device from his address before the device's own copy arrives: the gateway cannot know,
and moves the session. The device's copy is acknowledged to the device; its next frames bring the session back, and
messages from the backend reach the device again. Nothing is delivered twice.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import ONE, fleet
from support.stranger import Stranger

MOVES = "gatehouse_session_moves_total"


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1), listener=UDP) as gate:
        device = gate.connect_datagram(ONE)
        session = backend.opened(ONE)["session"]
        device.send(b"first")
        with Stranger(gate.port) as stranger:
            raced = device.channel.seal(wire.DATA, b"raced")
            expect(stranger.answers(raced), "a frame that authenticates is acknowledged to where it came from")
            gate.wait_metric(MOVES, 1, listener="fleet")
            expect(device.is_acknowledged(raced), "the device's copy is acknowledged to the device")
            expect_equal(gate.metric(MOVES, listener="fleet"), 1, "the copy moves nothing")
            sent = [b"first", b"raced"]

            def is_back():
                sent.append(b"talk %d" % len(sent))
                device.send(sent[-1])
                return gate.metric(MOVES, listener="fleet") == 2

            eventually(is_back, "the session is back", 5.0, interval=0.2)
            stranger.listen()
            stranger.received.clear()
            backend.send_data(session, b"for the device")
            expect_equal(device.recv(), b"for the device", "downlink")
            expect_equal(stranger.listen(0.2), [], "what the stranger still gets")
        expect_equal(backend.settled_data(ONE), sent, "messages at the backend")


run(main)
