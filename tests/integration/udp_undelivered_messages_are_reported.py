"""A message that the device never acknowledges is reported to the backend, and the session goes on.

For C, D1, D2 and D3: the gateway sends the message at least five times and for twelve seconds at least, then writes
an `undelivered` record with session, device, seq and the message, and counts it. When the device acknowledges again, it
gets what comes then. C and D1 devices, which take frames in strict order, may get the lost message before it. Another
D2 and another D3 device have acknowledged the first fragments of the message, and not its end: what they have of it
does not become a part of the next message.
"""

import collections
import time

from support import usmp_wire as wire
from support.backend import Backend, payload_of
from support.daemon import UDP, Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet

CASES = (
    ("C", b"never heard"),
    ("D1", b"never heard"),
    ("D2", b"never heard"),
    ("D3", b"never heard"),
    ("D2", b"half heard " * 100),
    ("D3", b"half heard " * 100),
)
ADMITTED = {"generations": ["2", "1-bound"]}
PATIENCE, LATEST = 12.0, 22.0
UNDELIVERED = "gatehouse_undelivered_messages_total"


def main():
    devices = fleet(len(CASES))
    with Backend() as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP) as gate:
        connected = [gate.connect_datagram(device_id, name) for device_id, (name, _) in zip(devices, CASES)]
        sessions = [backend.opened(device_id)["session"] for device_id in devices]
        for device, session in zip(connected, sessions):
            backend.send_data(session, b"heard")
            expect_equal(device.recv(), b"heard", "first message")
            device.acknowledges = lambda kind: kind == wire.DATA_FRAG
        begun = time.monotonic()
        for session, (_, text) in zip(sessions, CASES):
            backend.send_data(session, text)

        def all_reported():
            for device in connected:
                device.pump()
            return len(backend.select(type="undelivered")) == len(CASES)

        eventually(all_reported, "the messages are reported", LATEST, interval=0.1)
        lasted = time.monotonic() - begun
        expect(lasted >= PATIENCE - 0.2, f"given up after {lasted:.1f} s already")
        for device, session, (name, text) in zip(connected, sessions, CASES):
            check_report(backend, device, session, name, text)
            check_goes_on(backend, device, session, name, text)
        gate.wait_metric(UNDELIVERED, len(CASES), listener="fleet", protocol="usmp")
        expect_equal(backend.select(type="close"), [], "sessions closed")


def check_report(backend, device, session, name, text):
    (record,) = backend.select(type="undelivered", session=session)
    expect_equal((record["device"], record["seq"]), (device.device_id, 2), f"{name}: device and seq")
    expect_equal(payload_of(record), text, f"{name}: message")
    expect(record["error"], f"{name}: the record says why")
    copies = collections.Counter(device.received_frames(wire.DATA))
    (_, sent) = copies.most_common(1)[0]
    expect(sent >= 5, f"{name}: {sent} transmissions")


def check_goes_on(backend, device, session, name, text):
    device.acknowledges = lambda kind: True
    backend.send_data(session, b"heard again")
    heard = device.recv()
    if heard == text and not device.generation.proves_acks:
        heard = device.recv()
    expect_equal(heard, b"heard again", f"{name}: message after the lost one")
    device.ping()
    device.send(b"alive")


run(main)
