"""PSSST requests reach the backend, and its first data record goes back as the reply: authenticated and anonymous.

The backend gets `open` with the device's name, the protocol and the gateway key, one `data`, and `close` with the
reason `done`. Messages and replies of every kind of length arrive whole; many requests of one device run side by side
and each gets its own reply.
"""

from support.backend import Backend, payload_of
from support.expect import expect, expect_equal, run
from support.pssst_gate import PssstGate

SIZES = (0, 1, 15, 16, 17, 100, 1000, 1116)
SIDE_BY_SIDE = 40


def check_records(backend, device, credential):
    opened = backend.opened(device)
    for field, wanted in {
        "protocol": "pssst", "generation": "0.2", "listener": "air", "credential": credential,
    }.items():
        expect_equal(opened[field], wanted, field)
    expect(opened["peer"].startswith("127.0.0.1:"), f"the peer is {opened['peer']}")
    (data,) = backend.wait_for(1, type="data", session=opened["session"])
    expect_equal(data["seq"], 1, "the number of the message")
    expect_equal(backend.closed(opened["session"])["reason"], "done", "why it ended")


def main():
    with Backend(echo=True) as backend, PssstGate(backend, ["meter-4"], anonymous=True) as gate:
        meter, nobody = gate.client("meter-4"), gate.client()
        for client, name in ((meter, "meter-4"), (nobody, "anonymous")):
            for size in SIZES:
                message = bytes(range(256)) * 5
                expect_equal(client.ask(message[:size]), message[:size], f"{size} bytes of {name}")
            check_records(backend, name, "g1")

        asked = [meter.send(b"number %d" % number) for number in range(SIDE_BY_SIDE)]
        by_value = {request.dh: request for request in asked}
        for _ in asked:
            reply = meter.take()
            request = by_value.pop(reply[4:36])
            expect_equal(request.open(reply), b"number %d" % asked.index(request), "the reply to one of many")

        total = 2 * len(SIZES) + SIDE_BY_SIDE
        gate.wait_result("accepted", total)
        gate.wait_metric("gatehouse_sessions_closed_total", total, listener="air", reason="done")
        gate.wait_metric("gatehouse_sessions", 0, listener="air")
        expect_equal(gate.metric("gatehouse_handshakes_total", listener="air"), 0, "handshakes")
        expect_equal(gate.metric("gatehouse_handshake_seconds_count", listener="air") or 0, 0, "handshakes measured")
        expect_equal(gate.metric("gatehouse_messages_total", listener="air", direction="up"), total, "messages up")
        expect_equal(gate.metric("gatehouse_messages_total", listener="air", direction="down"), total, "replies")
        expect_equal(len(backend.select(type="error")), 0, "complaints")
        expect_equal({payload_of(r) for r in backend.select(type="data", device="nobody")}, set(), "strangers")


run(main)
