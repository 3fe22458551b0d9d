"""What is no hello of an enrolled device is refused without an answer, and the log says what it was.

Unknown keys, signatures over something else, low-order points, the gateway's own ephemeral key, other lengths, forms of
the Rust releases, and whatever port scanners send. None of them disturbs a device.
"""

import struct

from support.backend import Backend
from support.expect import expect, expect_equal, run
from support.fleet import key_for
from support.spp_device import signed_hello
from support.spp_gate import SppGate, gateway_seed, seed_of

UNKNOWN = "signed by no device"
OWN = seed_of("meter-1")


def length(value):
    return struct.pack("<Q", value)


def changed(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def hostile(gate):
    """(what, bytes, result, in the log's detail)"""
    good = gate.device().hello()
    signature, point = good[8:72], good[72:]
    zeros = bytes(32)
    return [
        ("an unknown key", gate.device(seed=key_for("stranger")).hello(), "unknown_device", UNKNOWN),
        ("a changed signature", changed(good, 20), "unknown_device", UNKNOWN),
        ("another point", changed(good, 80), "unknown_device", UNKNOWN),
        ("a point of low order", signed_hello(OWN, zeros), "malformed", "unusable public key"),
        ("31 bytes, signed", signed_hello(OWN, point[:31]), "malformed", "wrong length"),
        ("33 bytes, signed", signed_hello(OWN, point + b"x"), "malformed", "wrong length"),
        ("length 0", length(0), "malformed", "wrong length"),
        ("length 4 GiB - 1", length(0xFFFFFFFF), "malformed", "wrong length"),
        ("rs-a", length(64) + signature + length(32) + point, "unsupported", "speaks rs-a"),
        ("rs-b", signature + length(32) + point, "unsupported", "speaks rs-b"),
        ("HTTP", b"GET / HTTP/1.1\r\nHost: gateway.example.org\r\nUser-Agent: a scanner of ports\r\n\r\n",
         "malformed", "not a frame of this protocol"),
        ("a length beyond all", b"\xff" * 104, "malformed", "not a frame of this protocol"),
    ]


def main():
    # The log leaves out refusals that come in quick succession: each reason has its first line.
    with Backend(echo=True) as backend, SppGate(backend, spp={"greet_after": "300ms"}) as gate:
        device = gate.connect()
        expect_equal(device.recv(), b"first", "the echo")
        for what, data, result, detail in hostile(gate):
            before = gate.handshakes(result)
            stranger = gate.device().open()
            stranger.send_raw(data)
            expect_equal(stranger.expect_closed(), b"", f"the answer to {what}")
            gate.wait_handshakes(result, before + 1)
            if detail not in ("speaks rs-b",):
                expect(gate.refusals(detail), f"no word of {detail!r} in the log about {what}")

        echo = gate.device().open()
        own = echo.read_hello()
        echo.send_raw(own)
        echo.expect_closed()
        gate.wait_refused("auth_failed", "own ephemeral key came back")

        signed = gate.device().open()
        own = signed.read_hello()
        signed.send_raw(signed_hello(OWN, own[72:]))
        signed.expect_closed()
        gate.wait_handshakes("auth_failed", 2)

        expect(device.is_alive(), "the device is not disturbed")
        secrets = [seed.hex() for seed in (OWN, gateway_seed("g1"))]
        expect(not any(secret in gate.log().lower() for secret in secrets), "no private key stands in the log")
        expect_equal(len(backend.select(type="open")), 1, "sessions that were opened")


run(main)
