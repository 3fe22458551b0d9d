"""Hello and records may come one byte at a time, and several records at once: boundaries are the protocol's own."""

from support.backend import Backend
from support.expect import expect_equal, run
from support.spp_device import GENERATIONS
from support.spp_gate import SppGate


def trickle(device, data):
    for i in range(len(data)):
        device.send_raw(data[i : i + 1])


def main():
    with Backend(echo=True) as backend, SppGate(backend, GENERATIONS) as gate:
        for generation in GENERATIONS:
            device = gate.device(generation, generation).open()
            trickle(device, device.hello())
            device.read_hello()
            trickle(device, device.record(b"slow"))
            expect_equal(device.recv(), b"slow", "the echo of a slow record")
            large = bytes(5000)
            record = device.record(large)
            trickle(device, record[:3000])
            device.send_raw(record[3000:] + device.record(b"at") + device.record(b"once"))
            expect_equal([device.recv() for _ in range(3)], [large, b"at", b"once"], "echoes")


run(main)
