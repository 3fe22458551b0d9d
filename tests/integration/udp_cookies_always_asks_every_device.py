"""With `cookies: always` every HELLO without a cookie is answered with HELLO_RETRY, and nobody gets in without one.

D2 and D3 get in with their second HELLO; C and D1, which do not know HELLO_RETRY, stay out. Repeated
HELLOs are answered each time. A cookie is good for its address only: it, a guess, and one that was cut are answered
with a new HELLO_RETRY or not at all, never with a CHALLENGE. The answers are never larger than the HELLO.
"""

import os

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.datagram_rules import HurriedClock
from support.expect import expect, expect_raises, run
from support.fleet import fleet
from support.hostile import expect_alive
from support.stranger import Stranger
from support.usmp_datagram_device import Undelivered

NAMES = ("D2", "D3", "C", "D1")
SETTINGS = {"generations": ["2", "1-bound"], "cookies": "always"}
RETRIES = "gatehouse_hello_retries_total"


def check_gets_in(gate, device_id, name):
    device = gate.connect_datagram(device_id, name)
    expect(device.asked_for_cookie, f"{name}: HELLO_RETRY")
    expect_alive(device)


def check_bad_cookie(stranger, what, hello):
    answers = stranger.answers(hello, 0.2, count=2)
    kinds = [raw[3] for raw in answers if raw[:2] == wire.MAGIC]
    expect(set(kinds) <= {wire.HELLO_RETRY}, f"{what}: answered with {kinds}")
    size = sum(map(len, answers))
    expect(size <= len(hello), f"{what}: {size} bytes for {len(hello)}")


def main():
    devices = fleet(len(NAMES) + 1)
    *names, last = devices
    with Backend(echo=True) as backend, Gatehouse(backend, devices, usmp=SETTINGS, listener=UDP) as gate:
        check_gets_in(gate, names[0], "D2")
        check_gets_in(gate, names[1], "D3")
        for device_id, name in zip(names[2:], NAMES[2:]):
            refused = (wire.Violation, Undelivered)  # HELLO_RETRY, or silence
            expect_raises(refused, gate.connect_datagram, device_id, name, clock=HurriedClock())
        gate.wait_metric(RETRIES, lambda count: count >= 2, listener="fleet")

        device = gate.datagram_device(last).open()
        for number in range(1, 4):
            expect(device.is_acknowledged(device.hello_frame()), f"UTACK {number} of the HELLO")
            retries = wire.HELLO_RETRY
            expect(device.pump(lambda: len(device.received_frames(retries)) >= number, 5.0), f"HELLO_RETRY {number}")
        cookie = device.read_cookie()
        with Stranger(gate.port, "127.0.0.1") as same_host, Stranger(gate.port, "127.0.0.66") as other_host:
            for stranger in (same_host, other_host):
                check_bad_cookie(stranger, "a cookie of another address", device.hello_frame(cookie))
                check_bad_cookie(stranger, "a guessed cookie", device.hello_frame(os.urandom(16)))
                check_bad_cookie(stranger, "a cookie of zeros", device.hello_frame(bytes(16)))
                check_bad_cookie(stranger, "half a cookie", device.hello_frame(cookie[:8]))
                check_bad_cookie(stranger, "no cookie", device.hello_frame())
        device.send_hello(cookie)
        device.read_challenge()
        device.send_hello_ack()
        device.read_session_ok()
        expect_alive(device)
        gate.wait_handshakes("ok", 3)
        gate.wait_handshakes("auth_failed", 0)


run(main)
