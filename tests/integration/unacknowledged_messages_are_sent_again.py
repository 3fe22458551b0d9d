"""With `acknowledge: true`, what the backend has not acknowledged is sent again after its connection died.

Of ten messages four are acknowledged, then the connection dies: on the next one the other six come again, in order,
with the same seq and `"again": true`. Then the backend acknowledges everything but keeps losing its connection while
the device sends: no message is lost, and apart from repetitions they are in order. A device never sees any of it.
"""

from support.backend import Backend, payload_of
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet

OPTIONS = {"acknowledge": True}
FLAPS, PER_FLAP = 5, 40


def text(number):
    return b"message %d" % number


def main():
    with Backend(ack="manual") as backend, Gatehouse(backend, fleet(1), backend_options=OPTIONS, workers=1) as gate:
        device = gate.connect(ONE)
        for number in range(1, 11):
            device.send(text(number))
        first = backend.wait_for(10, type="data", device=ONE)
        expect(not any(record.get("again") for record in first), "first deliveries are not marked")
        session = first[0]["session"]
        backend.ack(session, 4)
        device.ping()  # the gateway goes on while messages are unacknowledged
        (connection,) = backend.wait_connections(1)
        wait_for_ack(backend, session)
        connection.close()

        second = backend.wait_for(6, type="data", where=lambda r: r["connection"] > connection.number)
        expect_equal([r["seq"] for r in second], [5, 6, 7, 8, 9, 10], "seq of the repeated messages")
        expect_equal([payload_of(r) for r in second], [text(n) for n in range(5, 11)], "repeated messages")
        expect(all(r.get("again") is True for r in second), "repeated messages are marked")
        backend.ack(session, 10)

        backend.ack_policy = "each"
        last = 10
        for _ in range(FLAPS):
            for _ in range(PER_FLAP):
                last += 1
                device.send(text(last))
            backend.wait_for(where=lambda r: r.get("seq", 0) > last - PER_FLAP, type="data", device=ONE)
            backend.drop_connections()
            backend.wait_connections(1)
        backend.wait_for(where=lambda r: r["seq"] == last, type="data", device=ONE)
        check_none_lost(backend, last)
        device.ping()


def wait_for_ack(backend, session):
    """Records of one connection are executed in order: an answered one behind the ack proves that the ack was taken."""
    backend.send({"type": "data", "session": "ffffffffffffffff", "payload": b""}, backend.connection_of(session))
    backend.wait_for(type="error")


def check_none_lost(backend, last):
    seen = {}
    highest = 0
    for record in backend.select(type="data", device=ONE):
        seq = record["seq"]
        expect_equal(payload_of(record), text(seq), f"message with seq {seq}")
        expect(seq in seen or seq == highest + 1, f"seq {seq} came before {highest + 1}")
        expect(seq not in seen or record.get("again") is True, f"seq {seq} came twice without a mark")
        seen[seq] = record
        highest = max(highest, seq)
    expect_equal(sorted(seen), list(range(1, last + 1)), "seq of all messages")


run(main)
