"""A reply larger than `max_reply` is refused with an error record, and one more time the backend may try.

An anonymous request gets no reply larger than itself: its sender's address is nobody's word, and the gateway is no
amplifier. A device that proved its key does.
"""

from support.backend import Backend
from support.expect import expect, expect_equal, run
from support.pssst_client import OVERHEAD
from support.pssst_gate import PssstGate

MOST = 400


def refused(backend, session, size):
    known = len(backend.select(type="error", session=session))
    backend.send_data(session, b"x" * size)
    return backend.wait_for(known + 1, type="error", session=session)[-1]["error"]


def main():
    options = {"anonymous": True, "pssst": {"max_reply": MOST}}
    with Backend() as backend, PssstGate(backend, ["meter-4"], **options) as gate:
        meter, nobody = gate.client("meter-4"), gate.client()
        request = meter.send(b"x")
        session = backend.opened("meter-4")["session"]
        why = refused(backend, session, MOST - OVERHEAD + 1)
        expect("max_reply" in why, f"the error is {why!r}")
        expect_equal(meter.take(0.05), None, "a reply that is too large")
        backend.send_data(session, b"x" * (MOST - OVERHEAD))
        reply = meter.take()
        expect_equal(len(reply), MOST, "the size of the largest reply")
        expect_equal(request.open(reply), b"x" * (MOST - OVERHEAD), "the reply")

        request = nobody.send(b"y" * 30)
        session = backend.opened("anonymous")["session"]
        why = refused(backend, session, 31)
        expect("request" in why, f"the error is {why!r}")
        expect_equal(nobody.take(0.05), None, "a reply larger than its request")
        backend.send_data(session, b"z" * 30)
        reply = nobody.take()
        expect_equal(len(reply), len(request.packet), "the size of the reply")
        expect_equal(request.open(reply), b"z" * 30, "the reply")


run(main)
