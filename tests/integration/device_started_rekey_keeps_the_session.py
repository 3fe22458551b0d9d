"""A 1.2 device may change the keys of its session as often as it likes, and goes on talking in it.

The device exchanges a message, sends REKEY, exchanges messages under the new keys (small, and fragmented), pings, and
does it again twice. The backend sees one session with uninterrupted seq numbers.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import ONE, fleet

ROUNDS = 3


def main():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(1)) as gate:
        device = gate.connect(ONE)
        sent = []
        for number in range(ROUNDS + 1):
            for message in (b"keys %d" % number, bytes([number]) * 1500):
                device.send(message)
                expect_equal(device.recv(), message, f"echo under key set {number}")
                sent.append(message)
            device.ping()
            if number < ROUNDS:
                device.rekey()
        expect_equal(backend.wait_data(ONE, len(sent)), sent, "messages at the backend")
        records = backend.select(type="data", device=ONE)
        expect_equal([r["seq"] for r in records], list(range(1, len(sent) + 1)), "seq")
        expect_equal(len(backend.select(type="open")), 1, "sessions opened")
        device.bye()
        expect_equal(backend.closed(records[0]["session"])["reason"], "bye", "reason of the close record")


run(main)
