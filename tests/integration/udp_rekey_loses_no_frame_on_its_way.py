"""Frames that were on their way when the keys changed are still taken, and acknowledged under the keys they came with.

A frame under the old keys comes after the REKEY frame, and another one after the first frame under the new keys: both
are delivered and acknowledged under the old key, once each, however often they come. A repeated REKEY frame is
acknowledged again under the old key, and changes nothing. What came before REKEY is not delivered again. A message of
the backend that was on its way when the keys changed arrives under the new ones, or is reported as undelivered.
"""

import os

from support import usmp_wire as wire
from support.backend import Backend, payload_of
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet


def is_acknowledged_at_last(device, raw):
    """With the device's own number of transmissions, under the keys from before."""
    return any(device.is_acknowledged(raw, 0.5, old_key=True) for _ in range(device.transmissions))


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1), listener=UDP) as gate:
        device = gate.connect_datagram(ONE)
        channel = device.channel
        session = backend.opened(ONE)["session"]
        before = channel.seal(wire.DATA, b"before")
        expect(device.is_acknowledged(before), "UTACK before REKEY")
        late, later = channel.seal(wire.DATA, b"late"), channel.seal(wire.DATA, b"later")

        device.acknowledges = lambda kind: False
        backend.send_data(session, b"on its way")
        expect(device.pump(lambda: device.received_frames(wire.DATA), 5.0), "a message is on its way")
        salt = os.urandom(32)
        rekey = channel.seal(wire.REKEY, salt)
        expect(device.is_acknowledged(rekey), "UTACK of REKEY")
        device.begin_rekey(salt)
        device.acknowledges = lambda kind: True

        expect(is_acknowledged_at_last(device, late), "UTACK of a frame that comes after REKEY")
        expect(device.is_acknowledged(rekey, old_key=True), "UTACK of REKEY when it comes again")
        device.send(b"new keys")
        expect(is_acknowledged_at_last(device, later), "UTACK of a frame after one with new keys")
        for frame, what in ((late, "late"), (later, "later"), (before, "before"), (rekey, "REKEY")):
            expect(device.is_acknowledged(frame, old_key=True), f"UTACK of {what} again, after new frames")
        device.send(b"still new keys")
        wanted = [b"before", b"late", b"new keys", b"later", b"still new keys"]
        expect_equal(backend.settled_data(ONE), wanted, "messages at the backend")
        backend.send_data(session, b"down")
        heard = [device.recv()]
        if heard != [b"down"]:
            heard.append(device.recv())
        backend.wait_executed(session)
        reported = [payload_of(record) for record in backend.select(type="undelivered")]
        expect_equal(reported + heard, [b"on its way", b"down"], "messages reported and messages heard")
        expect_equal(device.inbox, [], "messages that came twice")
        device.ping()
        expect_equal(len(backend.select(type="open")), 1, "sessions opened")


run(main)
