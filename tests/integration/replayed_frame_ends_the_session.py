"""A frame that is sent a second time ends the session, counted as `replay`, and its message arrives once.

In A, C, D1, D2 and D3: a device sends two messages and then repeats the bytes of the first; the backend has each
message once.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import ALL_GENERATIONS, fleet
from support.hostile import expect_session_dies

NAMES = ("A", "C", "D1", "D2", "D3")


def main():
    devices = fleet(len(NAMES) + 1)
    *hostile, honest = devices
    with Backend() as backend, Gatehouse(backend, devices, usmp=ALL_GENERATIONS) as gate:
        steady = gate.connect(honest)
        for device_id, name in zip(hostile, NAMES):
            device = gate.connect(device_id, name)
            (first,) = device.channel.seal_message(b"pay 10")
            (second,) = device.channel.seal_message(b"done")
            device.send_raw(first + second)
            backend.wait_data(device_id, 2)
            expect_session_dies(gate, backend, device, lambda d: d.send_raw(first), "replay")
            expect_equal(backend.data(device_id), [b"pay 10", b"done"], f"generation {name}: messages")
        steady.ping()


run(main)
