"""A frame whose length field exceeds 480 bytes ends the session at its header, counted as `oversize`.

Only the 12 bytes of the header are sent, in every generation; the gateway must not wait for the rest.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import run
from support.fleet import ALL_GENERATIONS, fleet
from support.hostile import expect_alive, expect_session_dies


def header(device, length):
    return wire.build_frame(device.generation.version, wire.DATA, device.channel.tx_seq, b"", length=length)


def main():
    names = ("A", "C", "D1", "D3", "D3")
    lengths = (481, 65535, 481, 481, 65535)
    devices = fleet(len(names) + 1)
    *hostile, honest = devices
    with Backend(echo=True) as backend, Gatehouse(backend, devices, usmp=ALL_GENERATIONS) as gate:
        steady = gate.connect(honest)
        for device_id, name, length in zip(hostile, names, lengths):
            device = gate.connect(device_id, name)
            expect_alive(device)
            expect_session_dies(gate, backend, device, lambda d: d.send_raw(header(d, length)), "oversize")
        expect_alive(steady)


run(main)
