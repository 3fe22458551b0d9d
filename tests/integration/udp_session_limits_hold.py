"""The limits of a listener hold over UDP: sessions, sessions of one address, and handshakes in a second.

With `sessions: 3` the fourth device is refused without SESSION_OK, counted as `limited`, and gets in when one leaves;
a device with a session may make a new one from its address even when the limit is reached, as the new one replaces
the old. With `sessions_per_address: 1` the same for one address. With `handshakes_per_second: 2` a burst is cut and
later devices get in.
"""

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.datagram_rules import HurriedClock
from support.expect import eventually, expect, run
from support.fleet import fleet
from support.hostile import expect_alive


def is_let_in(gate, device_id, **options):
    device = gate.datagram_device(device_id, clock=HurriedClock(), timeout=0.5, **options)
    return None if device.is_refused() else device


def check_sessions():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(4), limits={"sessions": 3}, listener=UDP) as gate:
        *names, last = gate.devices
        inside = [gate.connect_datagram(name) for name in names]
        expect(not is_let_in(gate, last), "the fourth session")
        gate.wait_handshakes("limited", lambda count: count >= 1)
        again = inside[0].successor().handshake()
        expect_alive(again)
        expect(not is_let_in(gate, last), "the fourth session after a device has restarted")
        inside[1].bye()
        gate.wait_metric("gatehouse_sessions", 2, listener="fleet")
        expect_alive(eventually(lambda: is_let_in(gate, last), "the free place is taken"))


def check_sessions_per_address():
    limits = {"sessions_per_address": 1}
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(3), limits=limits, listener=UDP) as gate:
        one, two, three = gate.devices
        first = gate.connect_datagram(one)
        expect(not is_let_in(gate, two), "a second session of one address")
        expect_alive(gate.connect_datagram(three, source="127.0.0.2"))
        first.bye()
        expect_alive(eventually(lambda: is_let_in(gate, two), "the free place is taken"))


def check_rate():
    limits = {"handshakes_per_second": 2}
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(8), limits=limits, listener=UDP) as gate:
        begun = [gate.datagram_device(name).open() for name in gate.devices]
        for device in begun:
            device.send_raw(device.hello_frame())
        gate.wait_handshakes("limited", lambda count: count >= 3)
        for device in begun:
            eventually(lambda: is_let_in(gate, device.device_id), "a refused device gets in later")


def main():
    check_sessions()
    check_sessions_per_address()
    check_rate()


run(main)
