"""With `cookies: auto`, a flood of HELLOs that nobody finishes makes the gateway ask for cookies; afterwards it stops.

With `limits.handshakes: 64`, HELLOs come from hundreds of addresses. Beyond a quarter of the limit, strangers get a
HELLO_RETRY and cost no more state; a D3 device still gets in during the flood, by a cookie. When the flood is over and
some seconds have passed, a C device, which knows no cookies, gets in.
"""

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.datagram_rules import HurriedClock
from support.expect import eventually, expect, run
from support.fleet import ONE, TWO, fleet
from support.hostile import expect_alive
from support.stranger import Crowd
from support.usmp_datagram_device import Undelivered
from support.usmp_wire import Violation

LIMITS = {"handshakes": 64}
SETTINGS = {"generations": ["2", "1-bound"], "cookies": "auto"}
LISTENER = {**UDP, "handshake_timeout": "2s"}
RETRIES = "gatehouse_hello_retries_total"
CALM = 20.0  # the gateway's ten seconds and the time that the last handshakes take


def main():
    with Backend(echo=True) as backend:
        with Gatehouse(backend, fleet(2), usmp=SETTINGS, limits=LIMITS, listener=LISTENER, workers=2) as gate:
            with Crowd(gate.port, 200) as crowd:
                crowd.say_hello(2)
                gate.wait_metric(RETRIES, lambda count: count > 100, listener="fleet")
                device = gate.connect_datagram(ONE)
                expect(device.asked_for_cookie, "HELLO_RETRY during the flood")
                expect_alive(device)
                crowd.received()
            plain = gate.datagram_device(TWO, "C", clock=HurriedClock()).open()

            def gets_in():
                plain.steps.clear()
                try:
                    return plain.handshake()
                except (Violation, Undelivered):  # HELLO_RETRY, or silence
                    return False

            eventually(gets_in, "a device without cookies gets in when the flood is over", CALM, interval=0.5)
            expect_alive(plain)
            expect_alive(device)


run(main)
