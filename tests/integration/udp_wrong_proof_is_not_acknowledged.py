"""A wrong proof is not acknowledged, is counted once, and does not spoil the handshake of the device it imitates.

For C and D3: a device with a wrong key and one with an unknown id see the same: a CHALLENGE, and nothing in answer to
any of their five HELLO_ACKs. They are counted as `auth_failed` and `unknown_device`, once each, with a log record
that names peer and device. A forged HELLO_ACK that reaches the gateway before the device's own does not keep it out.
"""

import os

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.datagram_rules import HurriedClock
from support.expect import expect, expect_equal, expect_raises, run
from support.fleet import device_name, fleet, key_for
from support.hostile import expect_alive
from support.tampering import rebuilt
from support.usmp_datagram_device import Undelivered

STRANGER = device_name(77)
ADMITTED = {"generations": ["2", "1-bound"]}


def refused(gate, device_id, name):
    """What the gateway says to a device that it refuses, and where that one is."""
    device = gate.datagram_device(device_id, name, psk=key_for("wrong"), clock=HurriedClock()).open()
    device.send_hello()
    device.read_challenge()
    expect_raises(Undelivered, device.send_hello_ack)
    shape = {(raw[:4], len(raw)) for raw, _ in device.received}
    return device.local, shape


def check_log(gate, peer, device_id, reason):
    record = gate.wait_log_record("handshake refused", peer=peer)
    got = record["listener"], record["device"], record["reason"]
    expect_equal(got, ("fleet", device_id, reason), "log record of the refusal")
    expect_equal(len(gate.log_records("handshake refused", peer=peer)), 1, "log records of one refusal")


def main():
    devices = fleet(4)
    names = list(devices)
    with Backend(echo=True) as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP) as gate:
        for count, name in enumerate(("D3", "C"), start=1):
            before = gate.handshakes("auth_failed")
            wrong_peer, wrong = refused(gate, names[0], name)
            unknown_peer, unknown = refused(gate, STRANGER, name)
            expect_equal(wrong, unknown, f"{name}: what the device sees")
            gate.wait_handshakes("auth_failed", before + 1)
            gate.wait_handshakes("unknown_device", count)
            check_log(gate, wrong_peer, names[0], "auth_failed")
            check_log(gate, unknown_peer, STRANGER, "unknown_device")

            device = gate.datagram_device(names[count], name).open()
            device.send_hello()
            device.read_challenge()
            forged = rebuilt(device.hello_ack_frame(), payload=os.urandom(32))
            expect(not device.is_acknowledged(forged, 0.1), f"{name}: UTACK of a forged proof")
            device.send_hello_ack()
            device.read_session_ok()
            expect_alive(device)
        expect_equal(len(backend.select(type="open")), 2, "open records")
        expect_equal(backend.select(device=names[0]), [], "records about the device that was not proven")


run(main)
