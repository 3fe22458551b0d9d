"""Datagrams that belong to no session and begin no handshake are not answered, and are counted by reason.

Session frames of an unknown session count as `unknown_session`, UTACKs and handshake frames that nobody waits for as
`stray`. Junk is not answered either. The counters are there, at zero, from the start.
"""

import os

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect_equal, run
from support.fleet import ONE, fleet
from support.hostile import expect_alive
from support.stranger import Stranger

DROPPED = "gatehouse_datagrams_dropped_total"
REASONS = ("unknown_session", "stray", "overflow", "handover", "unsent", "backend", "draining")
COUNTERS = (
    "gatehouse_hello_retries_total",
    "gatehouse_retransmitted_frames_total",
    "gatehouse_session_moves_total",
    "gatehouse_undelivered_messages_total",
)


def main():
    labels = {"listener": "fleet", "protocol": "usmp"}
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(1), listener=UDP) as gate:
        for reason in REASONS:
            expect_equal(gate.metric(DROPPED, **labels, reason=reason), 0, f"dropped because of {reason}")
        for name in COUNTERS:
            expect_equal(gate.metric(name, **labels), 0, name)

        with Stranger(gate.port) as stranger:
            for kind in (wire.DATA, wire.PING, wire.BYE, wire.DATA_FRAG, wire.REKEY):
                stranger.send(wire.build_frame(2, kind, 0, os.urandom(60)))
            gate.wait_metric(DROPPED, 5, **labels, reason="unknown_session")
            stranger.send(wire.build_ack(wire.HELLO, 0))
            stranger.send(wire.build_ack(wire.DATA, 0, os.urandom(32)))
            stranger.send(wire.build_frame(2, wire.HELLO_ACK, 0, os.urandom(32)))
            gate.wait_metric(DROPPED, lambda count: count >= 3, **labels, reason="stray")
            for raw in (b"", os.urandom(5), os.urandom(1200), b"GET / HTTP/1.0\r\n\r\n"):
                stranger.send(raw)
            expect_alive(gate.connect_datagram(ONE))
            expect_equal(stranger.listen(0.2), [], "answers")


run(main)
