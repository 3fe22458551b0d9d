"""What a stranger sends moves no session, ends none and is not answered as if it were the device's.

From another address come: junk, frames of the session that were changed on their way, the true frames once more, the
device's own UTACKs once more, its HELLO, and forged UTACKs. The stranger gets no UTACK for what does not authenticate;
after each, a message from the backend still goes to the device and only there, and no session has moved. A repeated
true frame may be acknowledged, to where it came from.
"""

import os

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet
from support.stranger import Stranger
from support.tampering import flipped, rebuilt

MOVES = "gatehouse_session_moves_total"


def attacks(device):
    """(what, datagram, may it be answered)"""
    frames = [d.raw for d in device.sent if d.raw[:2] == wire.MAGIC]
    data = [raw for raw in frames if raw[3] == wire.DATA]
    acks = [d.raw for d in device.sent if d.raw[:2] == wire.ACK_MAGIC]
    later = device.channel.tx_seq + 5
    guessed_nonce = later.to_bytes(4, "little") + device.session_id[:8]
    yield "nothing", b"", False
    yield "junk", os.urandom(50), False
    yield "junk with a header", wire.build_frame(2, wire.DATA, later, os.urandom(60)), False
    yield "junk of this session", wire.build_frame(2, wire.DATA, later, guessed_nonce + os.urandom(40)), False
    yield "a changed tag", flipped(data[-1]), False
    yield "a changed sequence number", rebuilt(data[-1], seq=later), False
    yield "another type", rebuilt(data[-1], kind=wire.BYE), False
    yield "a wrong checksum", data[-1][:10] + bytes([data[-1][10] ^ 1]) + data[-1][11:], False
    yield "the true frame again", data[-1], True
    yield "the first frame again", data[0], True
    yield "the device's UTACK again", acks[-1], False
    yield "a UTACK without proof", wire.build_ack(wire.DATA, device.order.highest + 1), False
    yield "a UTACK with a guess", wire.build_ack(wire.DATA, device.order.highest + 1, os.urandom(32)), False
    yield "the HELLO again", frames[0], True


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1), listener=UDP) as gate:
        device = gate.connect_datagram(ONE)
        session = backend.opened(ONE)["session"]
        for number in range(3):
            device.send(b"message %d" % number)
        backend.send_data(session, b"down")
        device.recv()
        with Stranger(gate.port) as stranger:
            for what, raw, may_be_answered in attacks(device):
                stranger.send(raw)
                text = f"after {what}".encode()
                backend.send_data(session, text)
                expect_equal(device.recv(), text, f"downlink after {what}")
                answers = stranger.listen(0.1)
                expect(may_be_answered or not answers, f"answers to {what}: {answers}")
                stranger.received.clear()
            # What may be answered is a HELLO (its CHALLENGE is repeated) or a repeated frame; never a session frame.
            kinds = {raw[3] for raw in stranger.listen(0.3) if raw[:2] == wire.MAGIC}
            expect(kinds <= {wire.CHALLENGE}, f"frames to the stranger: {kinds}")
        expect_equal(len(backend.settled_data(ONE)), 3, "messages at the backend")
        expect_equal(gate.metric(MOVES, listener="fleet"), 0, "moves")
        expect_equal(gate.log_records("session moved"), [], "moves in the log")
        expect_equal(len(backend.select(type="open")), 1, "sessions opened")
        expect_equal(backend.select(type="close"), [], "sessions closed")


run(main)
