"""Over UDP too the gateway changes the keys of a session at `usmp.frame_budget`, and loses nothing when its path does.

With a budget of 64 frames, two 1.2 devices rekey once (which is how the gateway knows their release), then exchange
messages, far more than 64, until the gateway has changed the keys of both. The path of one of them loses the first copy
of every REKEY frame, and of every UTACK of one. The gateway may wait some seconds after the device's own change.
"""

import time

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.datagram_relay import UP, DatagramRelay
from support.expect import expect, expect_equal, run
from support.fleet import ONE, TWO, fleet

LATEST = 35.0


def exchange(device, number):
    message = b"message %d" % number
    device.send(message)
    expect_equal(device.recv(), message, f"{device.device_id}: echo {number}")


def lose_rekeys(relay):
    """The first copy of each REKEY frame of the gateway, and the first UTACK of each."""
    known = set()

    def drop(direction, raw):
        kind = raw[3] if raw[:2] == wire.MAGIC else raw[2]
        concerns = kind == wire.REKEY and (direction == UP) == (raw[:2] == wire.ACK_MAGIC)
        if not concerns or raw in known:
            return False
        known.add(raw)
        return True

    relay.drop = drop
    return known


def main():
    listener = {**UDP, "usmp": {"frame_budget": 64}}
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(2), listener=listener) as gate:
        with DatagramRelay(gate.port) as relay:
            devices = [gate.connect_datagram(ONE), gate.connect_datagram(TWO, port=relay.port)]
            for device in devices:
                device.rekey()
            lost = lose_rekeys(relay)
            number = 0
            deadline = time.monotonic() + LATEST
            while any(device.server_rekeys < 1 for device in devices):
                for device in devices:
                    exchange(device, number)
                number += 1
                seen = [device.server_rekeys for device in devices]
                expect(time.monotonic() < deadline, f"the gateway changed keys {seen} times in {number} messages")
                device.pump(timeout=0.02)
            expect(lost, "REKEY frames were lost")
            for device in devices:
                expect_equal(device.inbox, [], "echoes that came again")
                expect_equal(len(backend.settled_data(device.device_id)), number, "messages at the backend")
            expect_equal(len(backend.select(type="open")), 2, "sessions opened")


run(main)
