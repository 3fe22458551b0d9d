"""The same packet again is the same request: it reaches the backend once and is answered with the same bytes.

Also from other ports (and so other workers' sockets), many times, and while the backend still works, when there is
nothing to say yet. Otherwise two replies under one key and nonce would give the authentication key away.
"""

from support.backend import Backend
from support.expect import expect, expect_equal, run
from support.pssst_gate import PssstGate

PORTS = 12
ROUNDS = 8


def main():
    with Backend() as backend, PssstGate(backend, ["meter-4"], anonymous=True, workers=2) as gate:
        others = [gate.client("meter-4") for _ in range(PORTS)]
        for number in range(ROUNDS):
            client = gate.client("meter-4" if number % 2 else None)
            request = client.send(b"please count to %d" % number)
            (opened,) = backend.wait_for(number + 1, type="open")[number:]
            for each in (client, *others):
                each.post(request)
            gate.wait_result("repeated_unanswered", (number + 1) * (PORTS + 1))
            expect(all(each.take(0.01) is None for each in others), "there is no reply yet")

            backend.send_data(opened["session"], b"answer %d" % number)
            reply = client.take()
            expect_equal(request.open(reply), b"answer %d" % number, "the reply")
            backend.closed(opened["session"])
            for each in (client, *others):
                each.post(request)
                expect_equal(each.take(), reply, "the bytes of the repeated reply")
        gate.wait_result("repeated", ROUNDS * (PORTS + 1))
        expect_equal(len(backend.select(type="data")), ROUNDS, "messages at the backend")
        expect_equal(gate.results("accepted"), ROUNDS, "accepted requests")
        expect_equal(gate.metric("gatehouse_requests_remembered", listener="air"), ROUNDS, "remembered requests")
        expect_equal(gate.metric("gatehouse_requests_forgotten_early_total", listener="air"), 0, "forgotten early")


run(main)
