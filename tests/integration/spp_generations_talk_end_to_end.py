"""Python devices of both generations talk to the backend: messages of any size up and down, each device by its name.

What tells the generations apart is the first record, so the open record can name it. Commands by device name reach it,
and a session that the backend closes ends with the connection.
"""

from support.backend import Backend
from support.expect import expect_equal, run
from support.spp_device import GENERATIONS
from support.spp_gate import SppGate

SIZES = (0, 1, 2047, 2048, 2049, 65535, 65536)


def talk(backend, gate, name, generation):
    device = gate.connect(name, generation)
    opened = backend.opened(name)
    expect_equal(opened["protocol"], "spp", "the protocol")
    expect_equal(opened["generation"], generation, "the generation")
    expect_equal(opened["credential"], "g1", "the credential")
    expect_equal(opened["listener"], "fleet", "the listener")
    expect_equal(opened["peer"], device.local, "the peer")
    expect_equal(device.recv(), b"first", "the echo of the first record")
    for size in SIZES:
        message = bytes(i * 7 & 0xFF for i in range(size))
        device.send(message)
        expect_equal(device.recv(), message, f"the echo of {size} bytes")
    backend.send({"type": "data", "device": name, "payload": b"by name"})
    expect_equal(device.recv(), b"by name", "a message by the device's name")
    backend.send({"type": "close", "session": opened["session"]})
    expect_equal(device.expect_closed(), b"", "what came before the end")
    expect_equal(backend.closed(opened["session"])["reason"], "backend", "why it ended")


def main():
    names = [f"meter-{generation}" for generation in GENERATIONS]
    with Backend(echo=True) as backend, SppGate(backend, names) as gate:
        for name, generation in zip(names, GENERATIONS):
            talk(backend, gate, name, generation)
        together = [gate.connect(name, generation) for name, generation in zip(names, GENERATIONS)]
        for device in together:
            expect_equal(device.recv(), b"first", "the echo")
        expect_equal(gate.metric("gatehouse_sessions", listener="fleet", protocol="spp"), 2, "sessions")
        for name, device in zip(names, together):
            device.close()
            expect_equal(backend.closed(backend.opened(name, 2)["session"])["reason"], "eof", "why it ended")


run(main)
