"""A hundred PINGs at once end a session; the occasional PING does not, not even many of them over time.

A device that sends eight PINGs one after the other, data between them, stays; one that sends 100 in one piece is
closed, in each of C and D3, while another one talks.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import run
from support.fleet import ALL_GENERATIONS, fleet
from support.hostile import expect_alive, expect_session_dies

NAMES = ("C", "D3")


def flood(device):
    device.send_raw(b"".join(device.channel.seal(wire.PING) for _ in range(100)))


def main():
    devices = fleet(len(NAMES) + 1)
    *hostile, honest = devices
    with Backend(echo=True) as backend, Gatehouse(backend, devices, usmp=ALL_GENERATIONS) as gate:
        steady = gate.connect(honest)
        for _ in range(4):
            steady.ping()
            expect_alive(steady)
            steady.ping()
        for device_id, name in zip(hostile, NAMES):
            device = gate.connect(device_id, name)
            expect_session_dies(gate, backend, device, flood)
        expect_alive(steady)


run(main)
