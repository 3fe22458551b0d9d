"""A device that does not read gets no more than a bounded amount kept for it; the surplus is answered with error
records, and other devices and the backend notice nothing.

The backend sends to a device that does not read until the first error record about it comes, with echoes of another
device going round in between. Then the device reads: it gets, in order, the messages that were not refused.
"""

import struct

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, TWO, fleet
from support.hostile import expect_alive
from support.usmp_device import TimedOut

AT_MOST = 20000
ROUND = 100
FILLER = bytes(1700)


def flood(backend, session, other):
    """Sends until something is refused; returns how many were sent."""
    for first in range(0, AT_MOST, ROUND):
        for number in range(first, first + ROUND):
            backend.send_data(session, struct.pack("<I", number) + FILLER)
        expect_alive(other)
        if backend.select(type="error", session=session):
            return first + ROUND
    raise AssertionError(f"{AT_MOST} messages were taken for a device that does not read")


def read_everything(device, session, backend, sent):
    """Until each message was either received or refused."""
    got = []
    while len(got) + len(backend.select(type="error", session=session)) < sent:
        try:
            got.append(struct.unpack_from("<I", device.recv(5.0))[0])
        except TimedOut:
            errors = len(backend.select(type="error", session=session))
            raise AssertionError(f"{sent} sent, {len(got)} received, {errors} refused") from None
    return got


def main():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(2)) as gate:
        deaf = gate.connect(ONE, receive_buffer=65536)
        other = gate.connect(TWO)
        session = backend.opened(ONE)["session"]
        sent = flood(backend, session, other)
        refused = backend.select(type="error", session=session)
        expect(all(record.get("error") for record in refused), f"errors say why: {refused[0]}")
        for _ in range(20):
            expect_alive(other)
        expect_equal(gate.metric("gatehouse_backend_reconnects_total", backend="telemetry"), 0, "reconnects")

        got = read_everything(deaf, session, backend, sent)
        expect_equal(got, sorted(set(got)), "the received messages are in order, none twice")
        expect(got[0] == 0, "the first message was kept")
        expect_alive(deaf)


run(main)
