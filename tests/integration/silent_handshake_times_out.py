"""A peer that stops in the middle of its handshake is closed after `handshake_timeout`, whatever the step.

With a limit of 1 s: peers that send nothing, half a HELLO, a HELLO and no HELLO_ACK, and half a HELLO_ACK are all
closed, not before the limit and not long after it, and counted as `timeout`. A device that is through stays.
"""

import time

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, run
from support.fleet import ONE, TWO, fleet
from support.hostile import expect_alive

LIMIT = 1.0
LATEST = 4.0


def half_hello(device):
    device.send_raw(device.hello_frame()[:20])


def half_proof(device):
    device.send_hello()
    device.read_challenge()
    device.send_raw(device.hello_ack_frame()[:30])


STEPS = [lambda device: None, half_hello, lambda device: device.send_hello(), half_proof]


def main():
    listener = {"handshake_timeout": "1s"}
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(2), listener=listener) as gate:
        steady = gate.connect(TWO)
        silent = []
        for step in STEPS:
            device = gate.device(ONE)
            begun = time.monotonic()
            device.open()
            step(device)
            silent.append((device, begun))
        for number, (device, begun) in enumerate(silent):
            device.expect_closed(LATEST + 1.0)
            lasted = time.monotonic() - begun
            expect(0.9 * LIMIT <= lasted <= LATEST, f"step {number} was closed after {lasted:.2f} s")
        gate.wait_handshakes("timeout", len(STEPS))
        expect_alive(steady)


run(main)
