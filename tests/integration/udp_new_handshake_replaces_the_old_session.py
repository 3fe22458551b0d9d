"""A device that has restarted gets in from its old address, and only then its old session ends, with `replaced`.

For C, D1, D2 and D3: the handshake runs beside the old session. While it is not finished the old session works in both
directions; a wrong proof changes nothing. When it is finished, the old session's close record says `replaced`, frames
of the old session are not acknowledged any more, and the new one works.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet, key_for

NAMES = ("C", "D1", "D2", "D3")
ADMITTED = {"generations": ["2", "1-bound"]}


def check_works(backend, device, session, text):
    device.send(text)
    backend.send_data(session, text)
    expect_equal(device.recv(), text, f"{device.generation.name}: downlink, {text!r}")


def check(gate, backend, device_id, name):
    old = gate.connect_datagram(device_id, name)
    session = backend.opened(device_id)["session"]
    check_works(backend, old, session, b"before")

    liar = old.successor()
    liar.psk = key_for("wrong")
    liar.send_hello()
    liar.read_challenge()
    expect(not liar.is_acknowledged(liar.hello_ack_frame(), 0.2), f"{name}: UTACK of a wrong proof")
    check_works(backend, old, session, b"beside a liar")

    new = old.successor()
    new.send_hello()
    new.wait_step(wire.CHALLENGE)
    check_works(backend, old, session, b"beside a handshake")
    expect_equal(backend.select(type="close", device=device_id), [], f"{name}: close records so far")
    new.read_challenge()
    new.send_hello_ack()
    new.read_session_ok()
    expect_equal(backend.closed(session)["reason"], "replaced", f"{name}: reason")
    second = backend.opened(device_id, 2)["session"]
    check_works(backend, new, second, b"after")
    left_over = old.channel.seal(wire.DATA, b"too late")
    expect(not old.is_acknowledged(left_over, 0.2), f"{name}: UTACK of a frame of the old session")
    check_works(backend, new, second, b"still")
    wanted = [b"before", b"beside a liar", b"beside a handshake", b"after", b"still"]
    expect_equal(backend.settled_data(device_id), wanted, f"{name}: messages")


def main():
    devices = fleet(len(NAMES))
    with Backend() as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP) as gate:
        for device_id, name in zip(devices, NAMES):
            check(gate, backend, device_id, name)
        gate.wait_metric("gatehouse_sessions_closed_total", len(NAMES), listener="fleet", reason="replaced")
        gate.wait_metric("gatehouse_sessions", len(NAMES), listener="fleet")
        gate.wait_handshakes("auth_failed", len(NAMES))


run(main)
