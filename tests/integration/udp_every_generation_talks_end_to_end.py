"""Over UDP, a device of every generation that has it opens a session and exchanges messages with the backend.

For C, D1, D2 and D3: the open record names device, protocol, generation, listener, peer and credential, and the
session by the first 8 bytes of the device's own session id. Messages of many sizes (the empty one, the largest frame,
and with fragments up to 1808 bytes) go up, are counted from 1, and come back down unchanged; PING is answered; BYE is
acknowledged and ends the session with reason `bye`. All answers come from the address that the device talks to.
"""

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect_equal, run
from support.fleet import fleet

NAMES = ("C", "D1", "D2", "D3")
ADMITTED = {"generations": ["2", "1-bound"]}


def pattern(size):
    return bytes((size * 31 + i * 7) & 0xFF for i in range(size))


def sizes(generation):
    frame, message = generation.max_plaintext, generation.max_message
    return (1, 5, 0, frame - 1, frame, frame + 1, 1000, message - 1, message)


def check_session(gate, backend, device_id, name):
    device = gate.connect_datagram(device_id, name)
    record = backend.opened(device_id)
    wanted = {
        "device": device_id,
        "protocol": "usmp",
        "generation": device.generation.reported,
        "listener": "fleet",
        "peer": device.local,
        "credential": "k1",
        "session": device.session_id[:8].hex(),
    }
    expect_equal({key: record.get(key) for key in wanted}, wanted, f"{name}: open record")
    messages = [pattern(size) for size in sizes(device.generation)]
    for message in messages:
        device.send(message)
        expect_equal(device.recv(), message, f"{name}: echo of {len(message)} bytes")
    expect_equal(backend.settled_data(device_id), messages, f"{name}: messages at the backend")
    records = backend.select(type="data", device=device_id)
    expect_equal([r["seq"] for r in records], list(range(1, len(messages) + 1)), f"{name}: seq")
    device.ping()
    device.send(b"after ping")
    expect_equal(device.recv(), b"after ping", f"{name}: echo after PING")
    device.bye()
    closed = backend.closed(record["session"])
    expect_equal((closed["device"], closed["reason"]), (device_id, "bye"), f"{name}: close record")
    expect_equal(device.void_acks, [], f"{name}: UTACKs that do not count")
    expect_equal(device.strangers, [], f"{name}: answers from elsewhere")


def main():
    devices = fleet(len(NAMES))
    with Backend(echo=True) as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP) as gate:
        for device_id, name in zip(devices, NAMES):
            check_session(gate, backend, device_id, name)
        gate.wait_handshakes("ok", len(NAMES))
        gate.wait_metric("gatehouse_sessions_closed_total", len(NAMES), listener="fleet", reason="bye")
        gate.wait_metric("gatehouse_sessions", 0, listener="fleet")
        gate.wait_metric("gatehouse_undelivered_messages_total", 0, listener="fleet")


run(main)
