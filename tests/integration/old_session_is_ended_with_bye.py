"""A session older than `max_session_age` is ended with BYE, busy or not, and the device may make a new one.

With a limit of 2 s, a device that pings all the time gets BYE after the limit; the close record says `age`.
"""

import time

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet
from support.usmp_device import Bye

LIMIT, LATEST = 2.0, 6.0


def ping_until_bye(device):
    begun = time.monotonic()
    try:
        while time.monotonic() - begun < LATEST:
            device.ping()
            time.sleep(0.25)  # the pace of the pings: more than eight a second would be a flood
    except Bye:
        return time.monotonic() - begun
    raise AssertionError(f"no BYE within {LATEST} s")


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1), listener={"max_session_age": "2s"}) as gate:
        lasted = ping_until_bye(gate.connect(ONE))
        expect(lasted >= 0.9 * LIMIT, f"BYE after {lasted:.2f} s already")
        closed = backend.closed(backend.opened(ONE)["session"])
        expect_equal(closed["reason"], "age", "reason of the close record")
        gate.wait_metric("gatehouse_sessions_closed_total", 1, listener="fleet", reason="age")
        gate.connect(ONE).ping()


run(main)
