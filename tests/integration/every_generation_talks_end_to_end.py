"""A device of every USMP generation opens a session and exchanges messages with the backend.

For each of A (with each of the three labels of the 0.2 line), B, C0, C, D1, D2 and D3, on a listener that admits all
generations: the open record names device, protocol, generation, listener, peer and credential; messages of many sizes
(the empty one, the largest frame, and with fragments up to 1808 bytes) go up, are counted from 1, and come back down
unchanged; PING is answered; BYE ends the session with reason `bye`. B gets `session_id_bytes: 16`, which is not what
this test is about.
"""

import re

from support.backend import Backend
from support.daemon import Gatehouse, device_entry
from support.expect import expect, expect_equal, run
from support.fleet import ALL_GENERATIONS, fleet
from support.usmp_wire import GENERATIONS, LABELS_OF_A

CASES = [("A", label) for label in LABELS_OF_A] + [(name, None) for name in ("B", "C0", "C", "D1", "D2", "D3")]


def pattern(size):
    return bytes((size * 31 + i * 7) & 0xFF for i in range(size))


def sizes(generation):
    frame, message = generation.max_plaintext, generation.max_message
    return [size for size in (1, 5, 0, frame - 1, frame, frame + 1, 1000, message - 1, message) if size <= message]


def check_open_record(record, device, what):
    wanted = {
        "device": device.device_id,
        "protocol": "usmp",
        "generation": device.generation.reported,
        "listener": "fleet",
        "peer": device.local,
        "credential": "k1",
    }
    got = {key: record.get(key) for key in wanted}
    expect_equal(got, wanted, f"{what}: open record")
    expect(re.fullmatch(r"[0-9a-f]{16}", record["session"]), f"{what}: session {record['session']!r}")


def check_session(gate, backend, device_id, name, label):
    what = f"generation {name}" + (f" with label {label.decode()}" if label else "")
    device = gate.connect(device_id, name, label=label)
    if name != "A":  # which is announced when it has sent a frame
        check_open_record(backend.opened(device_id), device, what)
    # A's label shows in the first encrypted frame, whatever that frame is.
    if label == b"dxp-v1":
        device.ping()
    messages = [pattern(size) for size in sizes(device.generation)]
    for message in messages:
        device.send(message)
        expect_equal(device.recv(), message, f"{what}: echo of {len(message)} bytes")
    record = backend.opened(device_id)
    check_open_record(record, device, what)
    expect_equal(backend.wait_data(device_id, len(messages)), messages, f"{what}: messages at the backend")
    records = backend.select(type="data", device=device_id)
    expect_equal([r["seq"] for r in records], list(range(1, len(messages) + 1)), f"{what}: seq")
    expect_equal({r["session"] for r in records}, {record["session"]}, f"{what}: session of the data records")
    device.ping()
    device.send(b"after ping")
    expect_equal(device.recv(), b"after ping", f"{what}: echo after PING")
    device.bye()
    closed = backend.closed(record["session"])
    expect_equal((closed["device"], closed["reason"]), (device_id, "bye"), f"{what}: close record")


def main():
    keys = fleet(len(CASES))
    devices = {}
    for device_id, (name, _) in zip(keys, CASES):
        devices[device_id] = device_entry(keys[device_id])
        if GENERATIONS[name].version == 1 and GENERATIONS[name].session_id_size == 16 and name != "C":
            devices[device_id]["session_id_bytes"] = 16
    with Backend(echo=True) as backend, Gatehouse(backend, devices, usmp=ALL_GENERATIONS) as gate:
        for device_id, (name, label) in zip(keys, CASES):
            check_session(gate, backend, device_id, name, label)
        gate.wait_handshakes("ok", len(CASES))
        gate.wait_metric("gatehouse_sessions_closed_total", len(CASES), listener="fleet", reason="bye")
        gate.wait_metric("gatehouse_sessions", 0, listener="fleet")


run(main)
