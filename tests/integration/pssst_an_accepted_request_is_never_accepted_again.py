"""A packet that was accepted once is dropped for as long as its gateway key lives: after the window, after a restart in
order or with kill -9, after reloads, at another listener, and whatever the device or anybody else repeats.

A second reply to it would be sealed under the key and nonce of the first, which breaks AES-GCM. Within the window it
gets the same bytes. Whoever asks anew, with a fresh key, is served all the time.
"""

import copy
import os
import signal
import time

from support.backend import Backend
from support.changes import reloading, replace, write_config
from support.expect import eventually, expect, expect_equal, run
from support.ports import free_port
from support.pssst_client import Client
from support.pssst_gate import PssstGate, device_private

REMEMBERED = "gatehouse_requests_remembered"
ACCEPTED = "gatehouse_pssst_once_requests"
WINDOW = 1  # second
WORKERS = 2
PSSST = {"duplicates": {"window": f"{WINDOW}s"}}


def answered(client, message):
    request = client.send(message)
    expect_equal(request.open(client.take()), message, "the reply")
    return request


def forget(gate, backend, client):
    """Waits until the windows are over, on each worker: what has ended is forgotten when the next request comes there."""
    over = time.monotonic() + WINDOW + 0.1
    forgot = set()

    def forgotten():
        answered(client, b"next")
        if time.monotonic() > over:
            forgot.add(backend.select(type="open")[-1]["session"][:2])
        return len(forgot) == WORKERS

    eventually(forgotten, "the requests are forgotten", 30.0, interval=0.2)
    expect(gate.metric(REMEMBERED, listener="air") <= (WINDOW + 0.2) / 0.2 + 1, "only the last ones are remembered")


def expect_dropped(gate, backend, client, requests, when):
    messages = len(backend.select(type="data"))
    for request in requests:
        gate.drops_silently(client, request, "repeated_unanswered")
    answered(client, b"a fresh one " + when.encode())
    expect_equal(len(backend.select(type="data")), messages + 1, f"messages at the backend {when}")


def main():
    with Backend(echo=True) as backend:
        with PssstGate(backend, ["meter-4"], anonymous=True, workers=WORKERS, pssst=PSSST, state="state") as gate:
            client, nobody = gate.client("meter-4"), gate.client()
            known = [answered(client, b"number %d" % n) for n in range(8)] + [answered(nobody, b"anybody")]
            forget(gate, backend, client)
            expect_dropped(gate, backend, client, known, "after the window")

            gate.restart()
            expect_dropped(gate, backend, client, known, "after a restart")
            gate.restart(lambda: gate.process.kill())
            expect_dropped(gate, backend, client, known, "after kill -9")
            # What was accepted just before is no exception.
            last = [answered(client, b"at the last moment %d" % n) for n in range(4)]
            gate.restart(lambda: gate.process.kill())
            expect_dropped(gate, backend, client, known + last, "accepted just before kill -9")
            accepted = gate.metric(ACCEPTED, credentials="fleet", credential="g1")
            expect(accepted >= len(known + last) + 4, f"{accepted} requests are counted over all restarts")

            with reloading(gate):
                replace(gate.credential_file, gate.ring(["g2", "g1"], ["meter-4"], anonymous=True))
            gate.restart()
            with reloading(gate):
                gate.signal(signal.SIGHUP)
            messages = len(backend.select(type="data"))
            for request in known:
                gate.drops_silently(client, request, "repeated_unanswered")
            expect_equal(len(backend.select(type="data")), messages, "messages beside a new gateway key")

            other = copy.deepcopy(gate.config)
            port = free_port()
            other["listeners"].append({**other["listeners"][0], "name": "there", "bind": f"127.0.0.1:{port}"})
            with reloading(gate):
                write_config(gate, other)
                gate.signal(signal.SIGHUP)
            there = Client(port, gate.public(), device_private("meter-4"))
            gate.opened.append(there)
            before = gate.metric("gatehouse_requests_total", listener="there", result="repeated_unanswered")
            for request in known:
                there.post(request)
            gate.wait_metric(
                "gatehouse_requests_total", before + len(known), listener="there", result="repeated_unanswered"
            )
            expect_equal(there.take(0.05), None, "an answer at another listener")
            expect_equal(there.ask(b"fresh"), b"fresh", "the reply there")

            files = [entry for entry in os.scandir(gate.directory / "state") if entry.name.startswith("pssst-replay-")]
            expect_equal(len(files), 2, "files, one for each gateway key")
            for entry in files:
                expect_equal(entry.stat().st_mode & 0o777, 0o600, f"mode of {entry.name}")


run(main)
