"""What the gateway keeps for a device that acknowledges nothing is bounded by `downlink_limit`; others notice nothing.

The backend sends 400 messages to a device that is deaf. Beyond the limit each is answered with an error record,
echoes of another device go round, and the deaf device's own messages are taken. When it listens again it gets, in
order, what was not refused.
"""

import struct

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, TWO, fleet

MESSAGES, FILLER = 400, bytes(400)
OPTIONS = {"downlink_limit": "32KiB"}


def main():
    with Backend() as backend, Gatehouse(backend, fleet(2), backend_options=OPTIONS, listener=UDP) as gate:
        deaf, other = gate.connect_datagram(ONE), gate.connect_datagram(TWO)
        session, others = backend.opened(ONE)["session"], backend.opened(TWO)["session"]
        deaf.acknowledges = lambda kind: False
        for number in range(MESSAGES):
            backend.send_data(session, struct.pack("<I", number) + FILLER)
        backend.wait_executed(session)
        backend.send_data(others, b"not for the deaf one")
        expect_equal(other.recv(), b"not for the deaf one", "message to the other device")
        errors = backend.select(type="error", session=session)
        expect(len(errors) > MESSAGES // 2, f"{len(errors)} of {MESSAGES} messages were refused")
        expect(all(record.get("error") for record in errors), f"errors say why: {errors[0]}")
        deaf.send(b"I talk, but do not listen")

        deaf.acknowledges = lambda kind: True
        kept = MESSAGES - len(errors)
        got = [struct.unpack_from("<I", deaf.recv(15.0))[0] for _ in range(kept)]
        expect_equal(got, list(range(kept)), "numbers of the messages")
        expect(32 * 1024 // 500 // 2 <= kept <= 2 * 32 * 1024 // 400, f"{kept} messages were kept")
        expect_alive_without_echo(backend, deaf, session)


def expect_alive_without_echo(backend, device, session):
    device.send(b"alive")
    backend.send_data(session, b"alive")
    expect_equal(device.recv(), b"alive", "downlink")


run(main)
