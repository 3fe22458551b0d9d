"""Devices that hang up while their backend does not read are read one at a time, and the backend's queue keeps its bound.

Sixty sessions send until they are blocked, in USMP and in SPP, the connections are reset, and the backend still does not
read: with `queue_limit: 64KiB` a worker never has more than twice that and 512 KiB waiting. When the backend reads
again it gets what each device had sent, from the first message on and without a gap, and all sessions end.
"""

import select
import socket
import struct
import time

from support.backend import Backend, payload_of
from support.daemon import Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet
from support.spp_gate import SppGate

SESSIONS, WORKERS, LIMIT = 60, 2, 64 * 1024
BOUND = WORKERS * (2 * LIMIT + 512 * 1024)
EACH = 256 * 1024  # more than a worker's queue, and less than a socket holds
QUEUED = "gatehouse_backend_queued_bytes"
OPTIONS = {"queue_limit": "64KiB"}


def say_much(device, seal):
    """Sends numbered messages as far as the gateway and the kernel take them."""
    device.socket.setblocking(False)
    sent, number, unsent = 0, 0, b""
    while sent < EACH:
        if not unsent:
            unsent = seal(struct.pack("<I", number) + bytes(400))
            number += 1
        if not select.select([], [device.socket], [], 0.2)[1]:
            return
        taken = device.socket.send(unsent)
        sent, unsent = sent + taken, unsent[taken:]


def reset(device):
    device.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    device.close()


def check_queue(gate, during):
    until = time.monotonic() + during
    while time.monotonic() < until:
        queued = gate.metric(QUEUED, backend="telemetry")
        expect(queued <= BOUND, f"queued bytes: {queued}, at most {BOUND}")
        time.sleep(0.02)


def check(gate, backend, devices, seal):
    backend.wait_for(len(devices), 20.0, type="open")
    backend.pause()
    for device in devices:
        say_much(device, seal(device))
    for device in devices:
        reset(device)
        check_queue(gate, 0.01)
    check_queue(gate, 2.0)
    expect(gate.metric("gatehouse_sessions", listener="fleet") > 0, "sessions whose messages wait in the kernel")
    backend.resume()
    eventually(lambda: gate.metric("gatehouse_sessions", listener="fleet") == 0, "all sessions are over", 60.0)
    check_queue(gate, 0.1)
    eventually(lambda: len(backend.select(type="close")) == len(devices), "all close records", 20.0)
    expect_equal({record["reason"] for record in backend.select(type="close")}, {"eof"}, "why they ended")
    for opened in backend.select(type="open"):
        records = backend.select(type="data", session=opened["session"])
        numbers = [struct.unpack_from("<I", payload_of(record))[0] for record in records]
        first = numbers[0] if numbers else 0
        expect_equal(numbers, list(range(first, first + len(numbers))), "numbers of the messages")
        expect(first == 0 and len(numbers) > 100, f"messages of {opened['device']}: {len(numbers)} from {first} on")


def main():
    with Backend() as backend, Gatehouse(
        backend, fleet(SESSIONS), backend_options=OPTIONS, workers=WORKERS
    ) as gate:
        devices = [gate.connect(name) for name in gate.devices]
        check(gate, backend, devices, lambda device: lambda text: device.channel.seal_message(text)[0])

    names = [f"meter-{number}" for number in range(SESSIONS)]
    with Backend() as backend, SppGate(
        backend, names, spp={"trial_keys": 64}, backend_options=OPTIONS, workers=WORKERS
    ) as gate:
        devices = [gate.device(name).connect(first=struct.pack("<I", 0)) for name in names]
        def seal(device):
            numbers = iter(range(1, 1 << 20))
            return lambda text: device.record(struct.pack("<I", next(numbers)) + text[4:])

        check(gate, backend, devices, seal)


run(main)
