"""`once.requests` is what a gateway key may accept in its life: near the end the log and a metric say so, and at the end
everybody new is `limited`, while repetitions get the same bytes. Another gateway key serves again, at once.
"""

from support.backend import Backend
from support.changes import reloading, replace
from support.expect import expect, expect_equal, run
from support.pssst_gate import PssstGate

MOST = 20
NEARLY = MOST * 4 // 5
REQUESTS, CAPACITY = "gatehouse_pssst_once_requests", "gatehouse_pssst_once_capacity"


def main():
    devices = ["meter-4", "meter-5"]
    with Backend(echo=True) as backend:
        with PssstGate(backend, devices, pssst={"once": {"requests": MOST}}, state="state") as gate:
            key = {"credentials": "fleet", "credential": "g1"}
            expect_equal(gate.metric(REQUESTS, **key), 0, "requests at first")
            expect_equal(gate.metric(CAPACITY, **key), MOST, "requests that the key may accept")
            client, other = gate.client("meter-4"), gate.client("meter-5")
            known = []
            for number in range(MOST):
                expect_equal(len(gate.log_records("gateway key nearly used up")), int(number >= NEARLY), f"warnings after {number}")
                request = client.send(b"number %d" % number)
                known.append((request, client.take()))
                if number + 1 == NEARLY:
                    record = gate.wait_log_record("gateway key nearly used up", listener="air", credential="g1")
                    expect_equal(record["level"], "warn", "the level")
            gate.wait_log_record("gateway key used up", listener="air", credential="g1")
            expect_equal(gate.metric(REQUESTS, **key), MOST, "requests")

            for one in (client, other):
                gate.drops_silently(one, one.request(b"one more"), "limited")
            gate.wait_log_record("request refused", reason="limited")
            for request, reply in known:
                other.post(request)
                expect_equal(other.take(), reply, "the bytes of the repeated reply")
            gate.restart()
            for one in (client, other):
                gate.drops_silently(one, one.request(b"one more"), "limited")
            for request, _ in known:
                gate.drops_silently(client, request, "repeated_unanswered")
            expect_equal(len(backend.select(type="data")), MOST, "messages at the backend")

            with reloading(gate):
                replace(gate.credential_file, gate.ring(["g2", "g1"], devices))
            fresh = gate.client("meter-4", "g2")
            expect_equal(fresh.ask(b"under another key"), b"under another key", "the reply")
            gate.drops_silently(client, client.request(b"under the old one"), "limited")
            expect_equal(gate.metric(REQUESTS, credentials="fleet", credential="g2"), 1, "requests of the other key")


run(main)
