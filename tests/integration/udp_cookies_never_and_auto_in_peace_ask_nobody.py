"""With `cookies: never`, and with `auto` while nothing presses, every HELLO is answered with a CHALLENGE directly.

So C and D1, which do not know HELLO_RETRY, get in, and D2 and D3 save a round trip.
"""

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, run
from support.fleet import fleet
from support.hostile import expect_alive

NAMES = ("C", "D1", "D2", "D3")


def check(cookies):
    devices = fleet(len(NAMES))
    settings = {"generations": ["2", "1-bound"], **cookies}
    with Backend(echo=True) as backend, Gatehouse(backend, devices, usmp=settings, listener=UDP) as gate:
        for device_id, name in zip(devices, NAMES):
            device = gate.connect_datagram(device_id, name)
            expect(not device.asked_for_cookie, f"{name}: HELLO_RETRY with {cookies}")
            expect_alive(device)
        gate.wait_metric("gatehouse_hello_retries_total", 0, listener="fleet")


def main():
    for cookies in ({"cookies": "never"}, {"cookies": "auto"}, {}):
        check(cookies)


run(main)
