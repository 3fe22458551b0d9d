"""Connections that say nothing make way for each other, not for those of another address.

With `limits.half_open: 16`, while somebody at 127.0.0.66 opens connections and is silent on each, a device at another
address that has said half of its HELLO may say the rest 1.5 s later.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import eventually, run
from support.fleet import ONE, TWO, fleet
from support.flood import Flood
from support.hostile import expect_alive

A_SECOND = 200
ALLOWED = 16


def made_way(gate):
    return gate.metric("gatehouse_limited_total", listener="fleet", limit="half_open")


def main():
    listener = {"limits": {"half_open": ALLOWED}}
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(2), listener=listener) as gate:
        with Flood(gate.port, ["127.0.0.66"], b"", A_SECOND) as flood:
            eventually(lambda: made_way(gate) > ALLOWED, "silent connections make way", 30.0)
            slow = [gate.device(name, source=at).open() for name, at in ((ONE, "127.0.0.7"), (TWO, "127.5.5.5"))]
            for device in slow:
                device.send_raw(device.hello_frame()[:20])
            wanted = flood.said() + int(1.5 * A_SECOND)
            eventually(lambda: flood.said() >= wanted, "more of the flood", 60.0)
            for device in slow:
                device.send_raw(device.hello_frame()[20:])
                device.read_challenge()
                device.send_hello_ack()
                device.read_session_ok()
                expect_alive(device)


run(main)
