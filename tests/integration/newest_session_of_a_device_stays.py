"""A device has one session on a listener: the newest. The older one ends with `replaced` when the new one is proven.

USMP over TCP and UDP and SPP, on a daemon with four workers. Hellos, wrong proofs and unfinished handshakes in its name
leave the old session alone. Once a new one is proven, wherever it comes from, the old one ends, with BYE where the
protocol has it over TCP, and it does not matter how often that happens. On another listener the device has another
session. `sessions_per_device: 2` lets two stay, 0 any number.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.changes import TCP_AND_UDP, reloading, write_config
from support.daemon import UDP, Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import ONE, TWO, fleet, key_for
from support.hostile import expect_alive
from support.spp_gate import SppGate

OFTEN = 12
SESSIONS = "gatehouse_sessions"
CLOSED = "gatehouse_sessions_closed_total"


def check_replaced(backend, session, what):
    expect_equal(backend.closed(session)["reason"], "replaced", what)


def check_proof_decides(gate, backend):
    old = gate.connect(ONE)
    session = backend.opened(ONE)["session"]
    half = gate.device(ONE).open()
    half.send_hello()
    half.read_challenge()
    expect(gate.device(ONE, psk=key_for("wrong")).is_refused(), "a wrong key")
    expect_alive(old)
    half.send_hello_ack()
    half.read_session_ok()
    check_replaced(backend, session, "the close record of the old session")
    expect_equal(old.expect_closed()[-1].kind, wire.BYE, "the last that the old session hears")
    expect_alive(half)
    return half


def check_tcp():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(2), workers=4) as gate:
        other = gate.connect(TWO)
        check_proof_decides(gate, backend)
        for _ in range(OFTEN):
            newest = gate.connect(ONE)
            newest.ping()
        gate.wait_metric(SESSIONS, 2, listener="fleet")
        gate.wait_metric(CLOSED, OFTEN + 1, listener="fleet", reason="replaced")
        expect_alive(newest)
        expect_alive(other)


def check_udp():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(1), workers=4, listener=UDP) as gate:
        old = gate.connect_datagram(ONE)
        expect_alive(old)
        session = backend.opened(ONE)["session"]
        half = gate.datagram_device(ONE, source="127.0.0.2").open()
        half.send_hello()
        half.read_challenge()
        expect_alive(old)
        half.send_hello_ack()
        half.read_session_ok()
        check_replaced(backend, session, "the close record of the old session")
        expect(not old.is_acknowledged(old.channel.seal(wire.DATA, b"late"), 0.2), "UTACK in the old session")
        for number in range(OFTEN):
            newest = gate.connect_datagram(ONE, source=f"127.0.0.{number + 3}")
            expect_alive(newest)
        gate.wait_metric(SESSIONS, 1, listener="fleet")
        expect_alive(newest)


def check_spp():
    names = ("meter-1", "meter-2")
    with Backend(echo=True) as backend, SppGate(backend, names, workers=4) as gate:
        other = gate.connect("meter-2")
        old = gate.connect()
        expect_equal(old.recv(), b"first", "the echo")
        session = backend.opened("meter-1")["session"]
        half = gate.device().open().shake_hands()
        expect(old.is_alive(), "beside a hello of its own key")
        half.send(b"proof")
        expect_equal(half.recv(), b"proof", "the echo of the new session")
        check_replaced(backend, session, "the close record of the old session")
        expect_equal(old.expect_closed(), b"", "what the old session is told")
        for _ in range(OFTEN):
            newest = gate.connect()
            expect_equal(newest.recv(), b"first", "the echo")
        gate.wait_metric(SESSIONS, 2, listener="fleet")
        expect(newest.is_alive(), "the newest session")
        expect_equal(other.recv(), b"first", "another device's echo")


def check_each_listener_has_its_own():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(1), listeners=TCP_AND_UDP) as gate:
        stream = gate.connect(ONE)
        air = gate.connect_datagram(ONE, port=gate.ports["air"])
        expect_alive(air)
        expect_alive(stream)
        gate.wait_metric(SESSIONS, 2)


def check_other_numbers():
    limits = {"sessions_per_device": 2}
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(1), limits=limits, workers=4) as gate:
        first = gate.connect(ONE)
        oldest = backend.opened(ONE)["session"]  # workers have connections of their own: records of later sessions may overtake
        second, third = [gate.connect(ONE) for _ in range(2)]
        check_replaced(backend, oldest, "the oldest of three")
        expect_alive(second)
        expect_alive(third)
        gate.config["listeners"][0]["limits"] = {"sessions_per_device": 0}
        with reloading(gate):
            write_config(gate)
            gate.signal(1)
        many = [gate.connect(ONE) for _ in range(4)]
        for device in (second, third, *many):
            expect_alive(device)
        gate.wait_metric(SESSIONS, 6, listener="fleet")
        gate.config["listeners"][0]["limits"] = {}
        with reloading(gate):
            write_config(gate)
            gate.signal(1)
        expect_alive(second)
        newest = gate.connect(ONE)
        gate.wait_metric(SESSIONS, 1, listener="fleet")
        expect_alive(newest)
        expect(eventually(lambda: len(backend.select(type="close", reason="replaced")) == 7, "all others ended"), "")


def main():
    check_tcp()
    check_udp()
    check_spp()
    check_each_listener_has_its_own()
    check_other_numbers()


run(main)
