"""Bytes that are no USMP handshake are closed at once and counted as `malformed`.

Sent instead of a HELLO: an HTTP request, a TLS hello, zeros, a wrong magic, a HELLO of a wrong length, a frame longer
than allowed, and a session frame; instead of a HELLO_ACK: one that is too short, and a second HELLO. Each connection is
closed without an answer; an honest device talks all the while.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import ONE, TWO, fleet
from support.hostile import expect_alive

HELLO = bytes(6) + b"\x09" + bytes(31)
FIRST_BYTES = {
    "an HTTP request": b"GET / HTTP/1.1\r\nHost: gatehouse\r\n\r\n",
    "a TLS hello": bytes.fromhex("16030100c8010000c40303") + bytes(200),
    "zeros": bytes(64),
    "a wrong magic": wire.build_frame(2, wire.HELLO, 0, HELLO, magic=b"\xab\xcd"),
    "a short HELLO": wire.build_frame(2, wire.HELLO, 0, HELLO[:-1]),
    "a long HELLO": wire.build_frame(2, wire.HELLO, 0, HELLO + b"\x00"),
    "a HELLO with a cookie over TCP": wire.build_frame(2, wire.HELLO, 0, HELLO + bytes(16)),
    "a frame longer than allowed": wire.build_frame(2, wire.HELLO, 0, bytes(481)),
    "a session frame": wire.build_frame(2, wire.DATA, 0, bytes(40)),
}


def answer_to(gate, first_bytes):
    device = gate.device(ONE).open()
    device.send_raw(first_bytes)
    return device.expect_closed()


def answer_after_challenge(gate, frame_of):
    device = gate.device(ONE).open()
    device.send_hello()
    device.read_challenge()
    device.send_raw(frame_of(device))
    return device.expect_closed()


def main():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(2)) as gate:
        honest = gate.connect(TWO)
        for count, (what, first_bytes) in enumerate(FIRST_BYTES.items(), start=1):
            expect_equal(answer_to(gate, first_bytes), [], f"answer to {what}")
            gate.wait_handshakes("malformed", count)
            expect_alive(honest)
        count = len(FIRST_BYTES)
        short = answer_after_challenge(gate, lambda d: wire.build_frame(2, wire.HELLO_ACK, 2, bytes(31)))
        expect_equal(short, [], "answer to a short HELLO_ACK")
        gate.wait_handshakes("malformed", count + 1)
        again = answer_after_challenge(gate, lambda device: device.hello_frame())
        expect_equal(again, [], "answer to a second HELLO")
        gate.wait_handshakes("malformed", count + 2)
        expect_alive(honest)


run(main)
