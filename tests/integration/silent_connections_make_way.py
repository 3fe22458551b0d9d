"""Connections that never say anything cannot keep devices out: beyond `limits.half_open` the oldest of them goes.

With `limits.half_open: 8` and one worker, 24 connections are opened and left silent. The first sixteen are closed and
counted as `limited`; a device still gets in at once.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import run
from support.fleet import ONE, fleet
from support.hostile import expect_alive

ALLOWED = 8
OPENED = 24


def main():
    listener = {"limits": {"half_open": ALLOWED}}
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(1), listener=listener, workers=1) as gate:
        silent = [gate.device(ONE).open() for _ in range(OPENED)]
        gate.wait_handshakes("limited", OPENED - ALLOWED)
        for device in silent[: OPENED - ALLOWED]:
            device.expect_closed()
        gate.wait_metric("gatehouse_half_open_connections", ALLOWED, listener="fleet")
        expect_alive(gate.connect(ONE))


run(main)
