"""With `format: records` the backend gets the same records in their binary form, and commands work the same way.

Open, data (of many sizes, seq counted), close; downlink by session and by device; close from the backend; an error
record for an unknown session; and, with `acknowledge: true`, unacknowledged messages again with their mark.
"""

from support.backend import Backend
from support.binary_codec import BinaryCodec
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, TWO, fleet

OPTIONS = {"format": "records", "acknowledge": True}
MESSAGES = [b"", b"\x00", bytes(range(256)), b"x" * 1808]


def check_open(backend, device):
    record = backend.opened(device.device_id)
    wanted = {
        "device": device.device_id,
        "protocol": "usmp",
        "generation": "1.2",
        "listener": "fleet",
        "peer": device.local,
        "credential": "k1",
    }
    expect_equal({key: record.get(key) for key in wanted}, wanted, "open record")
    return record["session"]


def check_messages(backend, device, session):
    for message in MESSAGES:
        device.send(message)
    expect_equal(backend.wait_data(ONE, len(MESSAGES)), MESSAGES, "messages at the backend")
    records = backend.select(type="data", device=ONE)
    expect_equal([(r["session"], r["seq"]) for r in records], [(session, n + 1) for n in range(len(MESSAGES))], "seq")
    for message in MESSAGES:
        backend.send_data(session, message)
        backend.send({"type": "data", "device": ONE, "payload": message})
        expect_equal([device.recv(), device.recv()], [message, message], "messages to the device")


def check_error(backend):
    backend.send({"type": "data", "session": "0123456789abcdef", "payload": b"for nobody", "ref": "order 7"})
    (error,) = backend.wait_for(type="error")
    expect_equal(error["session"], "0123456789abcdef", "session of the error record")
    expect(error["error"], "the error record says why")
    expect_equal(error["ref"], "order 7", "what the backend calls its command")


def check_sent_again(backend, session):
    """The answered record behind the ack proves that the ack was taken before the connection dies."""
    (connection,) = backend.wait_connections(1)
    backend.ack(session, 3)
    backend.send_data("0123456789abcdef", b"")
    backend.wait_for(2, type="error")
    connection.close()
    again = backend.wait_for(type="data", device=ONE, where=lambda r: r["connection"] > connection.number)
    expect_equal([(r["seq"], r.get("again")) for r in again], [(len(MESSAGES), True)], "messages sent again")
    backend.ack(session, len(MESSAGES))


def main():
    backend = Backend(codec=BinaryCodec)
    with backend, Gatehouse(backend, fleet(2), backend_options=OPTIONS, workers=1) as gate:
        device = gate.connect(ONE)
        session = check_open(backend, device)
        check_messages(backend, device, session)
        check_error(backend)
        check_sent_again(backend, session)

        backend.send({"type": "close", "session": session})
        device.expect_bye()
        expect_equal(backend.closed(session)["reason"], "backend", "reason of the close record")
        other = gate.connect(TWO)
        other_session = backend.opened(TWO)["session"]
        backend.send({"type": "close", "device": TWO})
        other.expect_bye()
        expect_equal(backend.closed(other_session)["device"], TWO, "device of the close record")


run(main)
