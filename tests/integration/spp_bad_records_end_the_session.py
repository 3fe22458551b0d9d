"""A record that is not the device's next one ends its session with `protocol`, and is counted by what was wrong.

Own records that come back, repeated and skipped ones, changed ones, ones with more authenticated beside them, and
lengths beyond the limit, judged before anything of them is kept. What came before is delivered. In the place of
the first record the same refuses the handshake.
"""

import struct

from support.backend import Backend
from support.expect import expect_equal, run
from support.spp_device import GENERATIONS
from support.spp_gate import SppGate


def length(value):
    return struct.pack("<Q", value)


def number(value):
    return struct.pack("<Q", value)


def own_record(device):
    """The gateway's second record, where the device's second is expected."""
    backend = device.backend
    session = backend.opened(device.device_id, device.nth)["session"]
    backend.send_data(session, b"another")
    return device.read_record()


BAD = [
    ("an own record that comes back", own_record, "replay"),
    ("a repeated number", lambda device: device.seal(number(1) + b"x"), "replay"),
    ("a skipped number", lambda device: device.seal(number(3) + b"x"), "sequence"),
    ("a big-endian number", lambda device: device.seal(struct.pack(">Q", 2) + b"x"), "sequence"),
    ("no room for a number", lambda device: device.seal(b"seven b"), "malformed"),
    ("something authenticated beside it", lambda device: device.seal(number(2) + b"x", additional=b"y"), "decrypt"),
    ("garbage of the right length", lambda device: length(40) + bytes(40), "decrypt"),
    ("no room for a tag", lambda device: length(27), "malformed"),
    ("one byte too many", lambda device: length(65536 + 37), "oversize"),
    ("the largest length", lambda device: length(2**64 - 1), "oversize"),
]


def main():
    with Backend(echo=True) as backend, SppGate(backend, GENERATIONS) as gate:
        for generation in GENERATIONS:
            for nth, (what, make, reason) in enumerate(BAD, start=1):
                before = gate.metric("gatehouse_rejected_frames_total", listener="fleet", reason=reason)
                device = gate.connect(generation, generation)
                device.backend, device.nth = backend, nth
                expect_equal(device.recv(), b"first", "the echo")
                device.send_raw(make(device))
                expect_equal(device.expect_closed(), b"", f"the answer to {what}")
                closed = backend.closed(backend.opened(generation, nth)["session"])
                expect_equal(closed["reason"], "protocol", f"the end after {what}")
                gate.wait_rejected(reason, before + 1)
            expect_equal(set(backend.data(generation)), {b"first"}, "messages that were delivered")

        before = len(backend.select(type="open"))
        for what, make, _ in BAD[2:]:
            device = gate.device("0.2").open()
            device.shake_hands()
            device.send_raw(make(device))
            expect_equal(device.expect_closed(), b"", f"the answer to {what} in the first place")
        expect_equal(len(backend.select(type="open")), before, "sessions that were opened")


run(main)
