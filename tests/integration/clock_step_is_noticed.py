"""When the wall clock is set while sessions live, those end within moments whose key is not open by the new time.

TCP and UDP. A key that is over by then, and a key that is not open yet: who got in early, because the clock was ahead,
does not stay when it is set right. Keys without bounds, and with wider ones, stay.
"""

import datetime
import time

from support.backend import Backend
from support.changes import TCP_AND_UDP, connect_udp, wait_closed
from support.daemon import Gatehouse, psk_entry
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet
from support.stepped_clock import SteppedClock

HOUR = 3600


def stamp(moment):
    return datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def main():
    keys = fleet(5)
    tcp, udp, later, ever, fresh = keys
    start = int(time.time())
    windows = {
        tcp: {"not_after": stamp(start + HOUR)},
        udp: {"not_after": stamp(start + HOUR)},
        later: {"not_after": stamp(start + 9 * HOUR)},
        fresh: {"not_before": stamp(start - HOUR)},
    }
    devices = {name: {"psk": [psk_entry(key, "k1", **windows.get(name, {}))]} for name, key in keys.items()}
    with SteppedClock() as clock, Backend() as backend, Gatehouse(backend, devices, listeners=TCP_AND_UDP) as gate:
        inside = {name: gate.connect(name) for name in (tcp, later, ever, fresh)}
        inside[udp] = connect_udp(gate, udp)
        sessions = {name: backend.opened(name)["session"] for name in devices}

        clock.set(2 * HOUR)
        for name in (tcp, udp):
            inside.pop(name).expect_bye()
            wait_closed(backend, sessions[name], "revoked")
        gate.wait_log_record("clock stepped")
        expect(gate.device(tcp).is_refused(), "its key is over by the new time")
        for device in inside.values():
            device.ping()

        clock.set(-2 * HOUR)
        eventually(lambda: len(gate.log_records("clock stepped")) == 2, "the second step is noticed")
        inside.pop(fresh).expect_bye()
        wait_closed(backend, sessions[fresh], "revoked")
        for device in inside.values():
            device.ping()
        expect(gate.device(fresh).is_refused(), "its key is not open yet by the new time")
        gate.connect(tcp).bye()
        expect_equal({r["session"] for r in backend.select(type="close", reason="revoked")},
                     {sessions[tcp], sessions[udp], sessions[fresh]}, "sessions that ended")


run(main)
