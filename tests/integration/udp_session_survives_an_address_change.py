"""A session goes on when its device has a new port, and when it has a new address, in either direction.

For C, D1, D2 and D3: a device behind a NAT that forgets sends from a new port, then from another address. Its message
is acknowledged there and arrives in the same session, with the next seq; a message from the backend finds the device
at its new address. Each move is counted and logged with the old and the new peer. Sessions move once a second at most,
so the device says something until it has moved.
"""

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet

NAMES = ("C", "D1", "D2", "D3")
ADMITTED = {"generations": ["2", "1-bound"]}
MOVES = "gatehouse_session_moves_total"


def move(gate, device, source):
    """The device is somewhere else, and talks until the gateway has noticed; returns the messages it took."""
    old = device.local
    device.rebind(source)
    sent = []

    def moved():
        sent.append(b"from %s, %d" % (device.local.encode(), len(sent)))
        device.send(sent[-1])
        return gate.log_records("session moved", device=device.device_id)

    def to_here():
        return [record for record in moved() if device.local in map(str, record.values())]

    record = eventually(to_here, f"{device.device_id} has moved", 5.0, interval=0.2)[0]
    expect(old in map(str, record.values()), f"the log names the old peer {old}: {record}")
    return sent


def check(gate, backend, device, name):
    session = backend.opened(device.device_id)["session"]
    device.send(b"at home")
    sent = [b"at home"]
    for source in (None, "127.0.0.5"):
        sent += move(gate, device, source)
        backend.send_data(session, b"found you")
        expect_equal(device.recv(), b"found you", f"{name}: downlink after a move")
    device.ping()
    expect_equal(backend.settled_data(device.device_id), sent, f"{name}: messages at the backend")
    records = backend.select(type="data", device=device.device_id)
    expect_equal([r["seq"] for r in records], list(range(1, len(sent) + 1)), f"{name}: seq")
    expect_equal({r["session"] for r in records}, {session}, f"{name}: sessions of the messages")
    device.bye()
    expect_equal(backend.closed(session)["reason"], "bye", f"{name}: reason")


def main():
    devices = fleet(len(NAMES))
    with Backend() as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP) as gate:
        for count, (device_id, name) in enumerate(zip(devices, NAMES), start=1):
            check(gate, backend, gate.connect_datagram(device_id, name), name)
            gate.wait_metric(MOVES, 2 * count, listener="fleet", protocol="usmp")
        expect_equal(len(backend.select(type="open")), len(NAMES), "sessions opened")
        gate.wait_metric("gatehouse_sessions", 0, listener="fleet")


run(main)
