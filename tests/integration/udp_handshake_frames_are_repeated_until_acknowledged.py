"""CHALLENGE and SESSION_OK are sent until the device has shown that it has them, five times at most.

For C, D1, D2 and D3: without its UTACK the same CHALLENGE comes again; a repeated HELLO gets a UTACK and no other
CHALLENGE; after the UTACK no more comes. The same with SESSION_OK, and a repeated HELLO_ACK; there a session frame
counts as well as the UTACK. Who never acknowledges gets five copies at most.
"""

import concurrent.futures

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet

NAMES = ("C", "D1", "D2", "D3")
SETTINGS = {"generations": ["2", "1-bound"], "cookies": "never"}
LISTENER = {**UDP, "handshake_timeout": "4s"}


def silent(gate, device_id, name):
    device = gate.datagram_device(device_id, name).open()
    device.acknowledges = lambda kind: False
    return device


def wait_copies(device, kind, count, what):
    expect(device.pump(lambda: len(device.received_frames(kind)) >= count, 8.0), f"{what}: {count} copies")
    expect_equal(len(set(device.received_frames(kind))), 1, f"{what}: different copies")


def take(device, kind):
    """The device has heard what it ignored so far."""
    device.steps[kind] = wire.parse_frame(device.received_frames(kind)[0], device.generation.version)


def check(gate, backend, device_id, name):
    device = silent(gate, device_id, name)
    expect(device.is_acknowledged(device.hello_frame()), f"{name}: UTACK of HELLO")
    wait_copies(device, wire.CHALLENGE, 2, f"{name}: CHALLENGE")
    expect(device.is_acknowledged(device.hello_frame()), f"{name}: UTACK of a repeated HELLO")
    wait_copies(device, wire.CHALLENGE, 3, f"{name}: CHALLENGE after a repeated HELLO")

    take(device, wire.CHALLENGE)
    device.read_challenge()
    expect(device.is_acknowledged(device.hello_ack_frame()), f"{name}: UTACK of HELLO_ACK")
    wait_copies(device, wire.SESSION_OK, 2, f"{name}: SESSION_OK")
    expect(device.is_acknowledged(device.hello_ack_frame()), f"{name}: UTACK of a repeated HELLO_ACK")
    wait_copies(device, wire.SESSION_OK, 2, f"{name}: SESSION_OK after a repeated HELLO_ACK")
    challenges = len(device.received_frames(wire.CHALLENGE))
    take(device, wire.SESSION_OK)
    device.read_session_ok()
    device.send(b"I am in")
    device.pump(timeout=0.05)
    known = len(device.received_frames(wire.SESSION_OK))
    device.pump(timeout=0.7)
    expect_equal(len(device.received_frames(wire.SESSION_OK)), known, f"{name}: SESSION_OK after a session frame")
    expect_equal(len(device.received_frames(wire.CHALLENGE)), challenges, f"{name}: CHALLENGE after the proof")
    expect_equal(backend.settled_data(device_id), [b"I am in"], f"{name}: messages")


def main():
    devices = fleet(len(NAMES) + 2)
    *names, patient_id, acking_id = devices
    with Backend() as backend, Gatehouse(backend, devices, usmp=SETTINGS, listener=LISTENER) as gate:
        never = silent(gate, patient_id, "D3")
        never.send_raw(never.hello_frame())
        acking = gate.datagram_device(acking_id).open()
        acking.send_hello()
        acking.wait_step(wire.CHALLENGE)
        with concurrent.futures.ThreadPoolExecutor(len(NAMES)) as pool:
            list(pool.map(check, [gate] * len(NAMES), [backend] * len(NAMES), names, NAMES))

        def both_timed_out():
            never.pump()
            acking.pump()
            return gate.handshakes("timeout") == 2

        eventually(both_timed_out, "the unfinished handshakes time out")
        copies = len(never.received_frames(wire.CHALLENGE))
        expect(2 <= copies <= 5, f"{copies} copies of CHALLENGE for a peer that never acknowledges")
        expect_equal(len(acking.received_frames(wire.CHALLENGE)), 1, "copies for one that does")


run(main)
