"""A frame that is ahead of its turn ends the session, counted as `sequence`, and nothing of it reaches the backend.

In A, C, D1, D2 and D3: two frames change places on their way; and a device jumps to the sequence number that no frame
may have.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import ALL_GENERATIONS, fleet
from support.hostile import expect_session_dies

NAMES = ("A", "C", "D1", "D2", "D3")


def swap_two(device):
    (first,) = device.channel.seal_message(b"first")
    (second,) = device.channel.seal_message(b"second")
    device.send_raw(second + first)


def jump_to_the_end(device):
    device.send_raw(device.channel.seal(wire.DATA, b"last", seq=0xFFFFFFFF))


def main():
    devices = fleet(2 * len(NAMES) + 1)
    *hostile, honest = devices
    with Backend() as backend, Gatehouse(backend, devices, usmp=ALL_GENERATIONS) as gate:
        steady = gate.connect(honest)
        cases = [(name, spoil) for name in NAMES for spoil in (swap_two, jump_to_the_end)]
        for device_id, (name, spoil) in zip(hostile, cases):
            device = gate.connect(device_id, name)
            device.send(b"in order")
            backend.wait_data(device_id, 1)
            expect_session_dies(gate, backend, device, spoil, "sequence")
            expect_equal(backend.data(device_id), [b"in order"], f"generation {name}: messages")
        steady.ping()


run(main)
