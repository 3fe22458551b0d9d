"""A device cannot find out whether its key is wrong or its id unknown; the operator can.

For D3 and C: a device with a wrong key and one with an unlisted id run the handshake. Both get a CHALLENGE of the same
shape and, after their HELLO_ACK, a close without a word. The metric counts one as `auth_failed` and one as
`unknown_device`, the log names listener, peer, device and reason, and no open record reaches the backend.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import ALL_GENERATIONS, ONE, device_name, fleet, key_for

STRANGER = device_name(77)


def refused_bytes(device):
    """What the gateway sends to a device that it then refuses."""
    device.open()
    peer = device.local
    device.send_hello()
    device.read_challenge()
    device.send_hello_ack()
    expect_equal(device.expect_closed(), [], f"frames after the HELLO_ACK of {device.device_id}")
    frame = wire.parse_frame(bytes(device.received), device.generation.version)
    return peer, (frame.version, frame.kind, frame.seq, len(frame.payload))


def check_log(gate, peer, device_id, reason):
    record = gate.wait_log_record("handshake refused", peer=peer)
    got = record["listener"], record["device"], record["reason"]
    expect_equal(got, ("fleet", device_id, reason), "log record of the refusal")


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1), usmp=ALL_GENERATIONS) as gate:
        for count, name in enumerate(("D3", "C"), start=1):
            wrong_peer, wrong = refused_bytes(gate.device(ONE, name, psk=key_for("wrong")))
            unknown_peer, unknown = refused_bytes(gate.device(STRANGER, name, psk=key_for("unknown")))
            expect_equal(wrong, unknown, f"generation {name}: what the device sees")
            gate.wait_handshakes("auth_failed", count)
            gate.wait_handshakes("unknown_device", count)
            check_log(gate, wrong_peer, ONE, "auth_failed")
            check_log(gate, unknown_peer, STRANGER, "unknown_device")
        expect_equal(backend.select(type="open"), [], "open records")


run(main)
