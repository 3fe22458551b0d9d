"""A recorded conversation, played again, opens no session and changes none.

Everything that a device sent - HELLO, HELLO_ACK, messages - is sent again from its own address while its session
lives, from another address, and from its old address when the session is over. CHALLENGE is a new one each time, so no
old HELLO_ACK fits; the backend hears of one session and of each message once.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet
from support.stranger import Stranger

NAMES = ("C", "D1", "D2", "D3")
ADMITTED = {"generations": ["2", "1-bound"]}


def challenges(datagrams):
    return {raw for raw in datagrams if raw[:2] == wire.MAGIC and raw[3] == wire.CHALLENGE}


def check(gate, backend, device_id, name):
    device = gate.connect_datagram(device_id, name)
    session = backend.opened(device_id)["session"]
    device.send(b"pay 10")
    recording = [d.raw for d in device.sent]
    for raw in recording:
        device.send_raw(raw)
    device.pump(timeout=0.1)
    device.send(b"alive")
    backend.send_data(session, b"down")
    expect_equal(device.recv(), b"down", f"{name}: downlink after a replay from the device's address")

    with Stranger(gate.port) as stranger:
        for raw in recording:
            stranger.send(raw)
            stranger.listen(0.02)
        answers = stranger.listen(0.1)
        expect(challenges(answers).isdisjoint(device.received_frames(wire.CHALLENGE)), f"{name}: an old CHALLENGE")
        kinds = {raw[3] for raw in answers if raw[:2] == wire.MAGIC}
        expect(wire.SESSION_OK not in kinds, f"{name}: SESSION_OK for a replay")
    backend.send_data(session, b"down again")
    expect_equal(device.recv(), b"down again", f"{name}: downlink after a replay from elsewhere")

    device.deliver(device.channel.seal(wire.BYE))
    backend.closed(session)
    for raw in recording:
        device.send_raw(raw)
        device.pump(timeout=0.02)
    expect_equal(backend.settled_data(device_id), [b"pay 10", b"alive"], f"{name}: messages")
    expect_equal(len(backend.select(type="open", device=device_id)), 1, f"{name}: sessions opened")


def main():
    devices = fleet(len(NAMES))
    with Backend() as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP) as gate:
        for device_id, name in zip(devices, NAMES):
            check(gate, backend, device_id, name)
        gate.wait_handshakes("ok", len(NAMES))
        gate.wait_metric("gatehouse_session_moves_total", 0, listener="fleet")
        gate.wait_metric("gatehouse_sessions", 0, listener="fleet")


run(main)
