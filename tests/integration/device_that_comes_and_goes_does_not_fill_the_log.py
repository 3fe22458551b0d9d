"""A device that connects and says goodbye all the time writes some lines, not all; the others are counted.

One device comes and goes 400 times, over TCP and in SPP, as fast as it can: at most ten lines `session opened` and `session closed` a
worker in ten seconds. What was left out is in the metric and in the next line. A fleet of 300 devices that comes and goes meanwhile writes all of its
lines, and so does the first device again when it behaves.
"""

import collections
import math
import time

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet
from support.spp_gate import SppGate

TIMES, FLEET, WORKERS = 400, 300, 2
OPENED, CLOSED = "session opened", "session closed"
LEFT_OUT = "gatehouse_session_lines_left_out_total"
LINES, WINDOW = 10, 10.0


def most_lines(begun):
    return LINES * WORKERS * math.ceil((time.monotonic() - begun) / WINDOW + 1)


def check_ledgers(gate, device, begun, sessions):
    """Lines and what was left out make up all sessions of all devices."""
    gate.wait_metric("gatehouse_sessions", 0, listener="fleet")
    left_out = gate.metric(LEFT_OUT, listener="fleet")
    records = [record for record in gate.log_records() if record.get("event") in (OPENED, CLOSED)]
    expect_equal(len(records) + left_out, 2 * sessions, "lines, and those that were left out")
    for event in (OPENED, CLOSED):
        mine = [record for record in records if record["event"] == event and record["device"] == device]
        expect(0 < len(mine) <= most_lines(begun), f"{event} of the device that comes and goes: {len(mine)}")


def check_fleet(gate, names):
    count = collections.Counter((record["event"], record.get("device")) for record in gate.log_records())
    for name in names:
        for event in (OPENED, CLOSED):
            expect_equal(count[event, name], 1, f"{event} of {name}")


def main():
    with Backend() as backend, Gatehouse(backend, fleet(FLEET + 1), workers=WORKERS) as gate:
        loud, *others = gate.devices
        begun = time.monotonic()
        for number in range(TIMES):
            gate.connect(loud).bye()
            if number < FLEET:
                gate.connect(others[number]).bye()
        eventually(lambda: len(backend.select(type="close")) == TIMES + FLEET, "all sessions are over")
        check_ledgers(gate, loud, begun, TIMES + FLEET)
        check_fleet(gate, others)

        def is_told():
            gate.connect(loud).bye()
            return any(record.get("suppressed") for record in gate.log_records(OPENED, device=loud))

        eventually(is_told, "the next line says how many were left out", 3 * WINDOW, interval=0.5)

    with Backend() as backend, SppGate(backend, workers=WORKERS) as gate:
        begun = time.monotonic()
        for _ in range(TIMES // 4):
            gate.connect().close()
        eventually(lambda: len(backend.select(type="close")) == TIMES // 4, "all sessions are over")
        check_ledgers(gate, "meter-1", begun, TIMES // 4)


run(main)
