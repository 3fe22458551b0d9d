"""SIGHUP, even several in a row, neither ends the daemon nor disturbs a session."""

import signal

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, never, run
from support.fleet import ONE, TWO, fleet
from support.hostile import expect_alive


def main():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(2)) as gate:
        device = gate.connect(ONE)
        for _ in range(3):
            gate.signal(signal.SIGHUP)
            expect_alive(device)
        never(lambda: not gate.is_running(), "the daemon ends", during=0.5)
        expect_alive(device)
        expect_alive(gate.connect(TWO))
        expect_equal(gate.get("/readyz")[0], 200, "/readyz after SIGHUP")
        expect_equal(backend.select(type="close"), [], "close records")


run(main)
