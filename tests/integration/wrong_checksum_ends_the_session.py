"""A session frame with a wrong checksum, magic, version or type, or too short to be one, ends the session as
`malformed`; a wrong checksum in the handshake is tolerated, as the reference server does.

In D3 and C for the session frames. For the handshake, HELLO and HELLO_ACK carry wrong checksums and the device talks.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import run
from support.fleet import ALL_GENERATIONS, fleet
from support.hostile import expect_alive, expect_session_dies


def framed(device, payload=None, kind=wire.DATA, version=None, **wrong):
    sealed = device.channel.seal(kind, b"text", seq=device.channel.tx_seq)
    payload = sealed[12:] if payload is None else payload
    version = device.generation.version if version is None else version
    device.send_raw(wire.build_frame(version, kind, device.channel.tx_seq, payload, **wrong))


SPOILS = [
    lambda device: framed(device, crc=0x1234),
    lambda device: framed(device, magic=b"\xcd\xac"),
    lambda device: framed(device, version=3),
    lambda device: framed(device, kind=0x42),
    lambda device: framed(device, kind=wire.HELLO_ACK),
    lambda device: framed(device, payload=bytes(27)),
    lambda device: framed(device, payload=b""),
]


def check_handshake_tolerates(gate, device_id, name):
    device = gate.device(device_id, name).open()
    hello = device.hello_frame()
    device.send_raw(hello[:10] + b"\x00\x00" + hello[12:])
    device.read_challenge()
    device.send_raw(device.hello_ack_frame(crc=0))
    device.read_session_ok()
    expect_alive(device)
    device.bye()


def main():
    cases = [(name, spoil) for name in ("D3", "C") for spoil in SPOILS]
    devices = fleet(len(cases) + 2)
    *hostile, first, second = devices
    with Backend(echo=True) as backend, Gatehouse(backend, devices, usmp=ALL_GENERATIONS) as gate:
        check_handshake_tolerates(gate, first, "D3")
        check_handshake_tolerates(gate, second, "A")
        for device_id, (name, spoil) in zip(hostile, cases):
            device = gate.connect(device_id, name)
            expect_alive(device)
            expect_session_dies(gate, backend, device, spoil, "malformed")


run(main)
