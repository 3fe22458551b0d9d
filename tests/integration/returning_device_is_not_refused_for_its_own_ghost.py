"""A device that comes back while its old session still counts is let in, whatever limit that session fills.

A full gateway (`sessions`), a full address (`sessions_per_address`), over TCP and UDP and in SPP, with four workers: each
device of the fleet loses power and comes back, one by one and all at once, from the same address and from others; none
is refused, and there is never one session more than the limit. A device that has no session there is refused all the
time.
"""

import concurrent.futures

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.datagram_rules import HurriedClock
from support.expect import expect, expect_equal, run
from support.fleet import fleet
from support.hostile import expect_alive
from support.spp_gate import SppGate

FULL = 6
SESSIONS = "gatehouse_sessions"
LIMITS = ({"sessions": FULL}, {"sessions_per_address": FULL})


def check_is_full(gate, is_refused):
    expect_equal(gate.metric(SESSIONS, listener="fleet"), FULL, "sessions of a full gateway")
    expect(is_refused(), "a device that has no session")


def all_at_once(function, names):
    with concurrent.futures.ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(function, names))


def check_tcp(limits):
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(FULL + 1), limits=limits, workers=4) as gate:
        *names, stranger = gate.devices
        inside = [gate.connect(name) for name in names]
        check_is_full(gate, gate.device(stranger).is_refused)
        for name in names:
            expect_alive(gate.connect(name))
            check_is_full(gate, gate.device(stranger).is_refused)
        inside = all_at_once(gate.connect, names)
        for device in inside:
            expect_alive(device)
        check_is_full(gate, gate.device(stranger).is_refused)
        gate.wait_metric("gatehouse_sessions_closed_total", 2 * FULL, listener="fleet", reason="replaced")
        inside[0].bye()
        gate.wait_metric(SESSIONS, FULL - 1, listener="fleet")
        expect_alive(gate.connect(stranger))


def check_udp(limits, source):
    def stranger_is_refused():
        return gate.datagram_device(stranger, clock=HurriedClock(), timeout=0.5).is_refused()

    with Backend(echo=True) as backend, Gatehouse(
        backend, fleet(FULL + 1), limits=limits, workers=4, listener=UDP
    ) as gate:
        *names, stranger = gate.devices
        for name in names:
            gate.connect_datagram(name)
        check_is_full(gate, stranger_is_refused)
        for name in names:
            expect_alive(gate.connect_datagram(name, source=source))
        for device in all_at_once(lambda name: gate.connect_datagram(name, source=source), names):
            expect_alive(device)
        gate.wait_metric(SESSIONS, FULL, listener="fleet")
        if source is None:
            check_is_full(gate, stranger_is_refused)


def check_spp(limits):
    names = [f"meter-{number}" for number in range(FULL + 1)]
    with Backend(echo=True) as backend, SppGate(
        backend, names, listener={"limits": limits}, workers=4, spp={"trial_keys": 64}
    ) as gate:
        *names, stranger = names
        for name in names:
            expect_equal(gate.connect(name).recv(), b"first", "the echo")
        check_is_full(gate, gate.device(stranger).is_refused)
        for name in names:
            again = gate.device(name).connect(first=b"again")
            expect_equal(again.recv(), b"again", "the echo of its first message after it came back")
            expect(again.is_alive(), "the new session")
        for device in all_at_once(lambda name: gate.device(name).connect(first=b"together"), names):
            expect_equal(device.recv(), b"together", "the echo")
            expect(device.is_alive(), "one of all that came back")
        check_is_full(gate, gate.device(stranger).is_refused)


def check_oldest_of_several_makes_way():
    limits = {"sessions": 2, "sessions_per_device": 3}
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(2), limits=limits) as gate:
        one, two = gate.devices
        gate.connect(one)
        second = gate.connect(one)
        third = gate.connect(one)
        expect_alive(second)
        expect_alive(third)
        expect(gate.device(two).is_refused(), "another device")
        gate.wait_metric(SESSIONS, 2, listener="fleet")


def main():
    for limits in LIMITS:
        check_tcp(limits)
        check_udp(limits, None)
        check_spp(limits)
    check_udp({"sessions": FULL}, "127.0.0.2")
    check_udp({"sessions_per_address": FULL}, "127.0.0.2")
    check_oldest_of_several_makes_way()


run(main)
