"""`limits.sessions` bounds the requests under way, `limits.handshakes_per_second` the key agreements that are begun.

What is beyond is dropped silently and counted as `limited`; the same packet gets in when there is room. Repetitions
of what was answered cost nothing and are not limited.
"""

from support.backend import Backend
from support.expect import expect, expect_equal, run
from support.pssst_gate import PssstGate

MOST, RATE, BURST = 3, 5, 60


def under_way(backend):
    with PssstGate(backend, ["meter-4"], listener={"limits": {"sessions": MOST}}) as gate:
        client = gate.client("meter-4")
        for number in range(MOST):
            client.send(b"number %d" % number)
        sessions = [backend.opened("meter-4", nth + 1)["session"] for nth in range(MOST)]
        late = client.request(b"one more")
        gate.drops_silently(client, late, "limited")
        backend.send_data(sessions[0], b"done")
        backend.closed(sessions[0])
        client.take()
        client.post(late)
        expect_equal(len(backend.wait_for(MOST + 1, type="open")), MOST + 1, "requests at the backend")


def a_second():
    with Backend(echo=True) as backend:
        with PssstGate(backend, anonymous=True, listener={"limits": {"handshakes_per_second": RATE}}) as gate:
            client = gate.client()
            known = client.send(b"x")
            reply = client.take()
            for _ in range(BURST):
                client.send(b"x")
            gate.wait_metric("gatehouse_requests_total", BURST + 1, listener="air")
            accepted = gate.results("accepted")
            expect(1 <= accepted < BURST / 2, f"{accepted} of {BURST} requests were accepted")
            expect_equal(gate.results("limited"), BURST + 1 - accepted, "limited requests")
            while client.take(0.1):
                pass
            client.post(known)
            expect_equal(client.take(), reply, "the bytes of the repeated reply")


def main():
    with Backend() as backend:
        under_way(backend)
    a_second()


run(main)
