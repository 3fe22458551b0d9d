"""From 0.6 on, a UTACK counts only with its proof: without, a message goes on being sent, and is not delivered.

For D2 and D3: the gateway sends a message, and gets UTACKs without proof, with a guessed one, with one under the key of
the other direction, with true ones of another sequence number and of another type, and cut ones. It goes on sending the
message, and not the next one. The true UTACK ends that. A junk frame with the sequence number that the device will use
next is not acknowledged, so that nobody can collect proofs in advance. C and D1 know no proof: there 7 bytes count.
"""

import concurrent.futures
import os

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet

NAMES = ("D2", "D3")
OLD_NAMES = ("C", "D1")
ADMITTED = {"generations": ["2", "1-bound"]}


def forgeries(device, seq):
    key = device.channel.rx_key
    true = wire.build_ack(wire.DATA, seq, key)
    yield wire.build_ack(wire.DATA, seq)
    yield true[:7] + os.urandom(8)
    yield true[:-1] + bytes([true[-1] ^ 1])
    yield wire.build_ack(wire.DATA, seq, device.channel.tx_key)
    yield wire.build_ack(wire.DATA, seq + 1, key)
    yield wire.build_ack(wire.DATA_FRAG, seq, key)
    yield true[:14]
    yield true + b"\0"


def send_silently(backend, device):
    """Two messages are on their way, the device has acknowledged none; returns the frame of the first."""
    session = backend.opened(device.device_id)["session"]
    device.acknowledges = lambda kind: False
    backend.send_data(session, b"first")
    backend.send_data(session, b"second")
    wait_frames(device, 1, "the first message is sent")
    return wire.parse_frame(device.received_frames(wire.DATA)[0], device.generation.version)


def wait_frames(device, count, what):
    expect(device.pump(lambda: len(device.received_frames(wire.DATA)) >= count, 8.0), f"{device.device_id}: {what}")


def distinct(device):
    return len(set(device.received_frames(wire.DATA)))


def check_counts(device, ack, name):
    """Only the UTACK of the first frame lets the second one out."""
    expect_equal(distinct(device), 1, f"{name}: frames that are out before the UTACK")
    device.send_raw(ack)
    expect(device.pump(lambda: distinct(device) == 2, 0.9), f"{name}: the second message after the UTACK")
    device.acknowledges = lambda kind: True
    expect_equal(device.recv(), b"second", f"{name}: message")
    device.send(b"alive")


def check(gate, backend, device_id, name):
    device = gate.connect_datagram(device_id, name)
    frame = send_silently(backend, device)
    if name in OLD_NAMES:
        device.order.next += 1
        check_counts(device, wire.build_ack(wire.DATA, frame.seq), name)
        return
    for forgery in forgeries(device, frame.seq):
        device.send_raw(forgery)
    wait_frames(device, 3, "sent again after forged UTACKs")
    junk = wire.build_frame(2, wire.DATA, 0, device.channel.counted_nonce(0) + os.urandom(30))
    expect(not device.is_acknowledged(junk, 0.2), f"{name}: UTACK of junk")
    check_counts(device, device.ack_for(frame), name)


def main():
    devices = fleet(len(NAMES) + len(OLD_NAMES))
    with Backend() as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP) as gate:
        names = NAMES + OLD_NAMES
        with concurrent.futures.ThreadPoolExecutor(len(names)) as pool:
            list(pool.map(check, [gate] * len(names), [backend] * len(names), devices, names))
        expect_equal(backend.select(type="undelivered"), [], "undelivered messages")


run(main)
