"""A UDP session older than `max_session_age` is ended with BYE, busy or not, and the device may make a new one.

With a limit of 1 s a device that pings all the time gets BYE after the limit; the close record says `age`. The same
device gets in again from the same address at once.
"""

import time

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import ONE, fleet
from support.usmp_device import Bye

LIMIT, LATEST = 1.0, 5.0


def main():
    listener = {**UDP, "max_session_age": "1s"}
    with Backend() as backend, Gatehouse(backend, fleet(1), listener=listener) as gate:
        begun = time.monotonic()
        device = gate.connect_datagram(ONE)

        def got_bye():
            try:
                device.ping()
            except Bye:
                return True
            return False

        eventually(got_bye, "BYE", LATEST, interval=0.25)
        lasted = time.monotonic() - begun
        expect(lasted >= 0.9 * LIMIT, f"BYE after {lasted:.2f} s already")
        closed = backend.closed(backend.opened(ONE)["session"])
        expect_equal(closed["reason"], "age", "reason of the close record")
        device.successor().handshake().ping()
        expect_equal(len(backend.wait_for(2, type="open", device=ONE)), 2, "sessions opened")


run(main)
