"""`limits.handshakes_per_second` protects, and locks nobody out: each source has its share.

With 50 a second, while somebody at 127.0.0.66 tries ten times as often, devices get in at their first try: twelve at
another address of the same network, and twelve of another network. The same over UDP. What was let in altogether is no
more than the rate.
"""

import time

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet
from support.flood import Flood
from support.hostile import expect_alive
from support.stranger import Stranger, any_hello

RATE = 50
DEVICES = 24
SOURCES = ("127.0.0.7", "127.5.5.5")


def refused(gate):
    return gate.metric("gatehouse_limited_total", listener="fleet", limit="handshakes_per_second")


def connect_all(gate, connect):
    for number, name in enumerate(gate.devices):
        expect_alive(connect(name, SOURCES[number % 2]))


def over_tcp():
    limits = {"handshakes_per_second": RATE}
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(DEVICES), limits=limits) as gate:
        begun = time.monotonic()
        with Flood(gate.port, ["127.0.0.66"], any_hello(), 10 * RATE):
            eventually(lambda: refused(gate) > RATE, "the rate is used up", 30.0)
            connect_all(gate, lambda name, source: gate.connect(name, source=source))
        lasted = time.monotonic() - begun
        expect_equal(gate.handshakes("ok"), DEVICES, "devices that got in")
        let_in = gate.handshakes("ok") + gate.handshakes("aborted") + gate.handshakes("timeout")
        expect(let_in <= RATE * (lasted + 4), f"{let_in} were let in within {lasted:.1f} s")


def over_udp():
    limits = {"handshakes_per_second": RATE}
    usmp = {"cookies": "never"}
    with Backend(echo=True) as backend:
        with Gatehouse(backend, fleet(DEVICES), limits=limits, listener=UDP, usmp=usmp) as gate:
            with Stranger(gate.port) as stranger:
                names = iter(gate.devices)
                for number in range(DEVICES):
                    before = refused(gate)
                    for _ in range(10 * RATE):
                        stranger.send(any_hello())
                    eventually(lambda: refused(gate) > before, "the rate is used up", 30.0)
                    source = SOURCES[number % 2]
                    expect_alive(gate.connect_datagram(next(names), source=source))


def main():
    over_tcp()
    over_udp()


run(main)
