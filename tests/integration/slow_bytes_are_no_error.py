"""Where the bytes are cut means nothing: a device may send one byte at a time.

A device performs its handshake and sends a fragmented message byte by byte, and another sends a handshake proof and its
first messages in one piece; both talk.
"""

import time

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import ONE, TWO, fleet
from support.hostile import expect_alive

PACE = 0.001  # long enough for the kernel to hand over single bytes


def drip(device, data):
    for byte in data:
        device.send_raw(bytes([byte]))
        time.sleep(PACE)


def one_byte_at_a_time(gate):
    device = gate.device(ONE).open()
    drip(device, device.hello_frame())
    device.read_challenge()
    drip(device, device.hello_ack_frame())
    device.read_session_ok()
    message = bytes(range(250)) * 2
    drip(device, b"".join(device.channel.seal_message(message)))
    expect_equal(device.recv(), message, "echo of the dripped message")
    expect_alive(device)


def many_frames_at_once(gate, backend):
    device = gate.connect(TWO)
    messages = [b"message %d" % number for number in range(200)]
    device.send_raw(b"".join(frame for message in messages for frame in device.channel.seal_message(message)))
    expect_equal(backend.wait_data(TWO, len(messages)), messages, "messages sent in one piece")
    expect_equal([device.recv() for _ in messages], messages, "their echoes")


def main():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(2)) as gate:
        one_byte_at_a_time(gate)
        many_frames_at_once(gate, backend)


run(main)
