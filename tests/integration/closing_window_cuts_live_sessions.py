"""A `not_after` that a live session's key gets by a reload ends the session at that time, with the reason `revoked`.

TCP and UDP. Until then it works, afterwards its key opens nothing; moved further away before it is over, it counts
anew. A `not_after` in the past ends the session at once.
"""

import datetime
import time

from support.backend import Backend
from support.changes import TCP_AND_UDP, change_credentials, connect_udp, wait_closed
from support.daemon import Gatehouse, psk_entry
from support.expect import expect, expect_equal, run
from support.fleet import fleet

AHEAD = 3  # whole seconds, as times in the file are


def stamp(moment):
    return datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def closing(devices, moments):
    """The fleet with an end for the keys of some."""
    return {
        name: {"psk": [psk_entry(key, "k1", **({"not_after": stamp(moments[name])} if name in moments else {}))]}
        for name, key in devices.items()
    }


def main():
    devices = fleet(5)
    tcp, udp, later, past, stays = devices
    with Backend() as backend, Gatehouse(backend, devices, listeners=TCP_AND_UDP) as gate:
        inside = {name: gate.connect(name) for name in (tcp, later, past, stays)}
        inside[udp] = connect_udp(gate, udp)
        sessions = {name: backend.opened(name)["session"] for name in devices}

        end = int(time.time()) + AHEAD + 1
        change_credentials(gate, closing(devices, {tcp: end, udp: end, later: end, past: end - 3600}))
        inside[past].expect_bye()
        wait_closed(backend, sessions[past], "revoked")
        expect(time.time() < end, "a key that is over ends its session at once")
        change_credentials(gate, closing(devices, {tcp: end, udp: end, later: end + 3600, past: end - 3600}))
        for name in (tcp, udp):
            inside[name].ping()
        gate.wait_metric("gatehouse_credentials", 1, state="expired")

        for name in (tcp, udp):
            inside[name].expect_bye()
            wait_closed(backend, sessions[name], "revoked")
        over = time.time()
        print(f"ended {1000 * (over - end):.0f} ms after not_after")
        expect(end - 0.1 <= over < end + 1.5, f"ended {over - end:.2f} s after the key's end")
        expect(gate.device(tcp, psk=devices[tcp]).is_refused(), "the key opens nothing any more")
        for name in (later, stays):
            inside[name].ping()
        expect_equal(len(backend.select(type="close")), 3, "sessions that ended")


run(main)
