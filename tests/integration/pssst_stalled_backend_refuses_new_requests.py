"""A backend that does not read: requests beyond its queue are refused without a word and counted, not kept.

When it reads again, everything that was accepted arrives once, and new requests are accepted.
"""

from support.backend import Backend
from support.expect import eventually, expect, expect_equal, run
from support.pssst_gate import PssstGate

SIZE = 1000
MOST = 5000


def main():
    options = {"backend_options": {"queue_limit": "64KiB"}, "workers": 1, "pssst": {"reply_timeout": "40s"}}
    with Backend() as backend, PssstGate(backend, ["meter-4"], **options) as gate:
        client = gate.client("meter-4")
        client.send(b"first")
        backend.opened("meter-4")
        backend.pause()
        sent = 1
        while not gate.results("backend"):
            expect(sent < MOST, f"{sent} requests were accepted")
            for _ in range(20):
                client.send(b"x" * SIZE)
                sent += 1
            gate.wait_metric("gatehouse_requests_total", lambda total: total >= sent, listener="air")
        accepted = gate.results("accepted")
        expect_equal(client.take(0.05), None, "an answer to a refused request")
        backend.resume()
        backend.wait_for(int(accepted), type="data")
        eventually(lambda: gate.metric("gatehouse_backend_queued_bytes") == 0, "the queue is empty")
        client.send(b"last")
        backend.wait_for(1, type="data", where=lambda record: record["data"] == "bGFzdA==")
        expect_equal(len(backend.select(type="data")), accepted + 1, "messages at the backend")


run(main)
