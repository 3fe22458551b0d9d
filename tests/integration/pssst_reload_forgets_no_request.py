"""A reload that changes settings and credentials keeps what is remembered: repetitions get the same bytes after it.

Requests under way get their replies. Smaller bounds forget the oldest, and the metric says how many.
"""

import copy
import signal

from support.backend import Backend
from support.changes import reloading, replace, write_config
from support.expect import expect_equal, run
from support.pssst_gate import PssstGate

COUNT = 30
FORGOTTEN = "gatehouse_requests_forgotten_early_total"


def main():
    with Backend() as backend, PssstGate(backend, ["meter-4"], anonymous=True, workers=1) as gate:
        client = gate.client("meter-4")
        known = []
        for number in range(COUNT):
            request = client.send(b"number %d" % number)
            backend.send_data(backend.opened("meter-4", number + 1)["session"], b"reply %d" % number)
            known.append((request, client.take()))
        waiting = client.send(b"under way")
        session = backend.opened("meter-4", COUNT + 1)["session"]

        with reloading(gate):
            replace(gate.credential_file, gate.ring(["g2", "g1"], ["meter-4"], anonymous=False))
        changed = copy.deepcopy(gate.config)
        changed["listeners"][0]["pssst"] = {"reply_timeout": "20s", "duplicates": {"entries": 40000}}
        with reloading(gate):
            write_config(gate, changed)
            gate.signal(signal.SIGHUP)
        for request, reply in known:
            client.post(request)
            expect_equal(client.take(), reply, "the bytes after a reload")
        backend.send_data(session, b"done")
        expect_equal(waiting.open(client.take()), b"done", "the reply to a request under way")
        expect_equal(len(backend.select(type="data")), COUNT + 1, "messages at the backend")
        expect_equal(gate.metric(FORGOTTEN, listener="air"), 0, "forgotten so far")

        changed["listeners"][0]["pssst"]["duplicates"]["entries"] = 16
        with reloading(gate):
            write_config(gate, changed)
            gate.signal(signal.SIGHUP)
        client.post(b"junk")  # figures are published when something arrives
        gate.wait_metric(FORGOTTEN, COUNT + 1 - 16, listener="air")


run(main)
