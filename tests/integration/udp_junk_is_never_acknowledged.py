"""Junk from a device's own address is not acknowledged, delivers nothing, and ends nothing.

For C, D1, D2 and D3: datagrams that are no frames, cut or lengthened frames, wrong checksums, versions and lengths,
changed ciphertexts with the sequence number that comes next, and frames with another session's nonce. Each is counted
as `malformed` or `decrypt`, and none is answered: all that may come are repetitions of what the device was told before (devices
that take frames in order are told the last acknowledgement more than once). The device's own next frame is taken as if nothing had been.
"""

import os

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet
from support.tampering import flipped, rebuilt

NAMES = ("C", "D1", "D2", "D3")
ADMITTED = {"generations": ["2", "1-bound"]}
REJECTED = "gatehouse_rejected_frames_total"


def junk(device):
    seq = device.channel.tx_seq
    good = device.channel.seal(wire.DATA, b"never said", seq=seq)
    version = device.generation.version
    yield b""
    yield b"\xac\xac"
    yield b"\xac\xac\x05\0\0\0"
    yield os.urandom(1400)
    yield bytes(8000)
    yield good[:11]
    yield good[:-1]
    yield good + b"\0"
    yield good[:10] + bytes([good[10] ^ 1]) + good[11:]
    yield rebuilt(good, length=0)
    yield rebuilt(good, magic=b"\xab\xcd")
    yield rebuilt(good, version=3 - version)
    yield rebuilt(good, payload=good[12:] + bytes(500))
    yield rebuilt(good, payload=good[12:30])
    yield rebuilt(good, payload=b"")
    yield rebuilt(good, kind=0xFF)
    yield rebuilt(good, kind=wire.BYE)
    yield rebuilt(good, kind=wire.SESSION_OK)
    yield flipped(good)
    yield flipped(good, 12)
    yield flipped(good, 0)
    yield rebuilt(good, payload=os.urandom(12) + good[24:])
    yield rebuilt(good, seq=seq + 1)
    yield wire.build_frame(version, wire.DATA, seq, device.channel.counted_nonce(seq) + os.urandom(468))


def main():
    devices = fleet(len(NAMES))
    with Backend() as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP) as gate:
        for device_id, name in zip(devices, NAMES):
            device = gate.connect_datagram(device_id, name)
            device.send(b"before")
            device.pump(timeout=0.05)
            known = {raw for raw, _ in device.received}
            before = gate.metric(REJECTED, listener="fleet", reason="decrypt")
            for raw in junk(device):
                device.send_raw(raw)
            device.pump(timeout=0.3)
            answers = [raw.hex() for raw, _ in device.received if raw not in known]
            expect_equal(answers, [], f"{name}: answers to junk")
            device.send(b"after")
            device.ping()
            expect_equal(backend.settled_data(device_id), [b"before", b"after"], f"{name}: messages")
            gate.wait_rejected("decrypt", lambda count: count >= before + 2)
            expect(gate.metric(REJECTED, listener="fleet", reason="malformed") > 0, f"{name}: malformed frames")
        gate.wait_metric("gatehouse_sessions", len(NAMES), listener="fleet")
        expect_equal(backend.select(type="close"), [], "sessions closed")


run(main)
