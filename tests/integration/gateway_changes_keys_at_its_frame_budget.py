"""At `usmp.frame_budget` the gateway changes the keys of a session itself, when the device has shown that it can.

With a budget of 64 frames a 1.2 device rekeys once (which is how the gateway knows its release), then exchanges 300
messages. The device sees the gateway's own REKEY frames, and every message and echo arrives in one session.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet

MESSAGES = 300


def main():
    listener = {"usmp": {"frame_budget": 64}}
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(1), listener=listener) as gate:
        device = gate.connect(ONE)
        device.rekey()
        for number in range(MESSAGES):
            message = b"message %d" % number
            device.send(message)
            expect_equal(device.recv(), message, f"echo {number}")
        expect(device.server_rekeys >= 3, f"the gateway changed keys {device.server_rekeys} times")
        expect_equal(len(backend.data(ONE)), MESSAGES, "messages at the backend")
        expect_equal(len(backend.select(type="open")), 1, "sessions opened")


run(main)
