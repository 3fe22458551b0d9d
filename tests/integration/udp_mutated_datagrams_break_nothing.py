"""Thousands of damaged datagrams, from a device's own address and from elsewhere, break nothing and deliver nothing.

Made from everything that devices of C, D1, D2 and D3 have sent: bits changed, cut, lengthened, two of them joined,
fields exchanged, with right checksums as often as wrong ones. The devices' sessions go on, each message is at the
backend once, and a new device gets in. The seed is printed when the test fails.
"""

import os
import random

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect_equal, run
from support.fleet import fleet
from support.stranger import Stranger
from support.tampering import rebuilt

NAMES = ("C", "D1", "D2", "D3")
ADMITTED = {"generations": ["2", "1-bound"]}
EACH = 1500
NEWEST = 0xFFFFFFFF


def mutated(dice, samples):
    raw = bytearray(dice.choice(samples))
    kind = dice.randrange(6)
    if kind == 0:
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    elif kind == 1:
        raw = raw[: dice.randrange(len(raw))]
    elif kind == 2:
        raw += dice.randbytes(dice.choice((1, 8, 16, 400, 1400)))
    elif kind == 3:
        other = dice.choice(samples)
        raw = raw[: dice.randrange(len(raw))] + other[dice.randrange(len(other)) :]
    elif kind == 4:
        raw[dice.randrange(len(raw))] = dice.randrange(256)
    elif len(raw) > wire.HEADER_SIZE:
        return rebuilt(bytes(raw), kind=dice.randrange(12), seq=dice.choice((0, 1, 7, 1 << 20, NEWEST)))
    raw = bytes(raw)
    if len(raw) > wire.HEADER_SIZE and dice.random() < 0.5:
        return rebuilt(raw[:12] + raw[12:1012])
    return raw


def play(gate, backend, seed):
    dice = random.Random(seed)
    names = list(gate.devices)
    connected = [gate.connect_datagram(device_id, name) for device_id, name in zip(names, NAMES)]
    for device in connected:
        device.send(b"before")
        device.send(bytes(600))
        device.ping()
        device.judges = False  # the gateway may answer a changed HELLO in that one's version
    samples = [d.raw for device in connected for d in device.sent]
    with Stranger(gate.port) as stranger:
        for number in range(EACH):
            for device in connected:
                device.send_raw(mutated(dice, samples))
            stranger.send(mutated(dice, samples))
            if number % 25 == 0:  # not faster than the gateway reads
                for device in connected:
                    device.send(b"alive %d" % number)
    wanted = [b"before", bytes(600)] + [b"alive %d" % number for number in range(0, EACH, 25)]
    for device in connected:
        device.ping()
        expect_equal(backend.settled_data(device.device_id), wanted, f"messages of {device.device_id}")
    gate.connect_datagram(names[-1]).send(b"new")
    expect_equal(backend.select(type="close"), [], "sessions closed")


def main():
    seed = int.from_bytes(os.urandom(4), "little")
    with Backend() as backend, Gatehouse(backend, fleet(len(NAMES) + 1), usmp=ADMITTED, listener=UDP) as gate:
        try:
            play(gate, backend, seed)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}") from error


run(main)
