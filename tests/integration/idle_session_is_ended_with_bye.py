"""A session that is silent for `idle_timeout` is ended with BYE; one that only pings stays.

With a limit of 1 s, in A, C and D3: the silent device gets BYE, not before the limit and not long after it, and the
close record says `idle`. A device that pings, and one that only receives nothing but sends now and then, stay.
"""

import time

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import ALL_GENERATIONS, fleet

LIMIT, LATEST = 1.0, 4.5
NAMES = ("A", "C", "D3")


def main():
    devices = fleet(len(NAMES) + 2)
    *silent_ids, pinging_id, sending_id = devices
    listener = {"idle_timeout": "1s"}
    with Backend() as backend, Gatehouse(backend, devices, usmp=ALL_GENERATIONS, listener=listener) as gate:
        pinging, sending = gate.connect(pinging_id), gate.connect(sending_id)
        begun = time.monotonic()
        silent = [gate.connect(device_id, name) for device_id, name in zip(silent_ids, NAMES)]

        def all_closed():
            pinging.ping()
            sending.send(b"alive")
            return len(backend.select(type="close")) >= len(silent)

        eventually(all_closed, "the silent sessions are closed", LATEST, interval=0.2)
        lasted = time.monotonic() - begun
        expect(lasted >= 0.9 * LIMIT, f"closed after {lasted:.2f} s already")
        for device in silent:
            device.expect_bye()
            closed = backend.closed(backend.opened(device.device_id)["session"])
            expect_equal(closed["reason"], "idle", f"reason for {device.device_id}")
        pinging.ping()
        sending.ping()
        gate.wait_metric("gatehouse_sessions_closed_total", len(silent), listener="fleet", reason="idle")
        gate.wait_metric("gatehouse_sessions", 2, listener="fleet")


run(main)
