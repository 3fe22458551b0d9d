"""A UDP session that is silent for `idle_timeout` is ended with BYE; one that only pings stays.

With a limit of 1 s, for C and D3: the silent device gets BYE, not before the limit and not long after it, and the close
record says `idle`. Junk from the device's address, frames that are repeated, and UTACKs without a proof do not count as
a sign of life. A device that has lost its BYE is not answered any more.
"""

import os
import time

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet

LIMIT, LATEST = 1.0, 4.5
NAMES = ("C", "D3", "D3")
LISTENER = {**UDP, "idle_timeout": "1s"}
ADMITTED = {"generations": ["2", "1-bound"]}


def main():
    devices = fleet(len(NAMES) + 1)
    *silent_ids, pinging_id = devices
    with Backend() as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=LISTENER) as gate:
        pinging = gate.connect_datagram(pinging_id)
        silent = [gate.connect_datagram(device_id, name) for device_id, name in zip(silent_ids, NAMES)]
        noisy = silent[-1]
        noisy.send(b"once")
        begun = time.monotonic()
        (once,) = [d.raw for d in noisy.sent if d.raw[:2] == wire.MAGIC and d.raw[3] == wire.DATA]

        def all_closed():
            pinging.ping()
            for raw in (os.urandom(60), once, wire.build_ack(wire.DATA, 7)):
                noisy.send_raw(raw)
            return len(backend.select(type="close")) >= len(silent)

        eventually(all_closed, "the silent sessions are closed", LATEST, interval=0.2)
        lasted = time.monotonic() - begun
        expect(lasted >= 0.9 * LIMIT, f"closed after {lasted:.2f} s already")
        for device in silent:
            expect_equal(device.expect_bye(), [], "messages before BYE")
            closed = backend.closed(backend.opened(device.device_id)["session"])
            expect_equal(closed["reason"], "idle", f"reason for {device.device_id}")
        late = silent[0].channel.seal(wire.DATA, b"too late")
        eventually(lambda: not silent[0].is_acknowledged(late, 0.2), "frames after the end are not acknowledged")
        pinging.ping()
        gate.wait_metric("gatehouse_sessions_closed_total", len(silent), listener="fleet", reason="idle")
        gate.wait_metric("gatehouse_sessions", 1, listener="fleet")


run(main)
