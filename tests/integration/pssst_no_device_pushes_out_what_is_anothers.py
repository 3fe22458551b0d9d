"""However many requests a device makes, another's stays known: its packet gets the same bytes again, not a second reply.

Two replies under one key and nonce break AES-GCM, and repeating a recorded packet needs no key. The greedy device's own
oldest requests make way, and are not accepted again either. Requests without a key push out nothing.
"""

from support.backend import Backend
from support.expect import expect, expect_equal, run
from support.pssst_gate import PssstGate

WORKERS = 2
ENTRIES = 64
GREEDY = 100  # requests to one worker, which remembers 32
DUPLICATES = {"duplicates": {"entries": ENTRIES}}


def request_to(client, worker, message):
    """The first byte of the DH value chooses the worker."""
    while True:
        made = client.request(message)
        if made.dh[0] % WORKERS == worker:
            return made


def answered(client, request):
    client.post(request)
    reply = client.take()
    expect(reply is not None, "the request is answered")
    request.open(reply)
    return reply


def main():
    with Backend(echo=True) as backend:
        with PssstGate(backend, ["victim", "greedy"], anonymous=True, workers=WORKERS, pssst=DUPLICATES) as gate:
            victim, greedy, nobody = gate.client("victim"), gate.client("greedy"), gate.client()
            known = []
            for worker in range(WORKERS):
                request = request_to(victim, worker, b"open the door")
                known.append((request, answered(victim, request)))
            own = []
            for number in range(GREEDY):
                for worker in range(WORKERS):
                    own.append(request_to(greedy, worker, b"number %d" % number))
                    answered(greedy, own[-1])
            for number in range(ENTRIES):
                nobody.post(request_to(nobody, number % WORKERS, b"anybody"))
            gate.wait_result("limited", lambda count: count > 0)
            for request, reply in known:
                victim.post(request)
                expect_equal(victim.take(), reply, "the bytes of the repeated reply")

            messages = len(backend.select(type="data"))
            expect(gate.metric("gatehouse_requests_forgotten_early_total", listener="air") > 0, "it made way for itself")
            for request in own[:10]:
                gate.drops_silently(greedy, request, "repeated_unanswered")
            for request in own[-2:]:
                greedy.post(request)
                expect(greedy.take() is not None, "what is remembered is answered with the same bytes")
            expect_equal(len(backend.select(type="data")), messages, "messages at the backend")


run(main)
