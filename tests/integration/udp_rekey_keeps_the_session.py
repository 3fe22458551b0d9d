"""Over UDP, a 1.2 device may change the keys of its session as often as it likes, and goes on talking in it.

The device exchanges messages, sends REKEY, exchanges messages under the new keys (small, and fragmented), pings, moves
to another port, and does it again. More than 64 frames go under one set of keys. The backend sees one session.
"""

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect_equal, run
from support.fleet import ONE, fleet

ROUNDS = 3


def main():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(1), listener=UDP) as gate:
        device = gate.connect_datagram(ONE)
        sent = []
        for number in range(ROUNDS + 1):
            messages = [b"keys %d" % number, bytes([number]) * 1500]
            messages += [b"more %d" % count for count in range(70 if number == 1 else 2)]
            for message in messages:
                device.send(message)
                expect_equal(device.recv(), message, f"echo under key set {number}")
            sent += messages
            device.ping()
            if number < ROUNDS:
                device.rekey()
        expect_equal(backend.settled_data(ONE), sent, "messages at the backend")
        records = backend.select(type="data", device=ONE)
        expect_equal([r["seq"] for r in records], list(range(1, len(sent) + 1)), "seq")
        expect_equal(len(backend.select(type="open")), 1, "sessions opened")
        device.bye()
        expect_equal(backend.closed(records[0]["session"])["reason"], "bye", "reason")


run(main)
