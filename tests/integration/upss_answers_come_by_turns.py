"""One answer for one message: the first of the backend, or ERROR after reply_timeout. What nobody waits for, and what is
too long for a stock device, is refused with an error record. A device that says no more is let go after turn_timeout.
"""

import copy
import signal
import time

from support.backend import Backend, payload_of
from support.changes import reloading, wait_closed, write_config
from support.expect import expect, expect_equal, run
from support.upss_device import package
from support.upss_gate import DEVICE, ERROR, OK, UpssGate

NOBODY_WAITS = "no message of the device waits for an answer"


def begin(backend, gate, nth, text="hello", **how):
    device = gate.connected(**how)
    device.say(text)
    session = backend.opened(DEVICE, nth)["session"]
    backend.wait_for(type="data", session=session)
    return device, session


def refusal(backend, session, ref, **record):
    backend.send({"type": "data", "session": session, "ref": ref, **record})
    return backend.wait_for(type="error", ref=ref)[0]["error"]


def check_refused_answers(backend, gate):
    device, session = begin(backend, gate, 1)
    too_long = "reply is larger than max_reply"
    expect_equal(refusal(backend, session, "long", payload=b"x" * 601), too_long, "a long answer")
    expect_equal(refusal(backend, session, "word", status="x" * 601), too_long, "a long outcome")
    backend.send_data(session, b"x" * 600)
    expect_equal(device.hear(), "x" * 600, "the longest answer")
    expect_equal(refusal(backend, session, "again", payload=b"more"), NOBODY_WAITS, "a second answer")
    return device, session


def check_turns(backend, device, session):
    """What comes out of turn waits until it is its turn."""
    device.say("two")
    device.say("three")
    backend.wait_for(2, type="data", session=session)
    backend.wait_executed(session)
    expect_equal(len(backend.select(type="data", session=session)), 2, "messages that went up")
    backend.send_data(session, b"re two")
    expect_equal(device.hear(), "re two", "the answer")
    backend.wait_for(3, type="data", session=session)
    backend.send_data(session, b"re three")
    expect_equal(device.hear(), "re three", "the next answer")
    told = backend.select(type="data", session=session)
    expect_equal([payload_of(one) for one in told], [b"hello", b"two", b"three"], "the messages")
    expect_equal([one["seq"] for one in told], [1, 2, 3], "their numbers")


def check_silent_device(backend, device, session):
    began = time.monotonic()
    expect(device.is_closed(), "the gateway closes")
    expect(time.monotonic() - began > 0.3, "it waited for the next package")
    wait_closed(backend, session, "bye")


def check_silent_backend(backend, gate):
    device, session = begin(backend, gate, 2)
    began = time.monotonic()
    expect_equal(device.hear(), ERROR, "without an answer")
    expect(time.monotonic() - began > 0.8, "it was waited for")
    expect_equal(refusal(backend, session, "late", payload=b"late"), NOBODY_WAITS, "a late answer")
    expect(device.is_closed(), "the gateway closes")


def check_end_by_backend(backend, gate):
    device, session = begin(backend, gate, 3)
    backend.send({"type": "close", "session": session})
    expect_equal(device.hear(), OK, "the outcome when the backend ends it")
    expect(device.is_closed(), "the gateway closes")
    wait_closed(backend, session, "backend")


def check_device_hangs_up(backend, gate):
    device, session = begin(backend, gate, 4)
    device.close()
    wait_closed(backend, session, "eof")
    expect_equal(refusal(backend, session, "gone", payload=b"x"), "unknown session", "an answer to nobody")


def check_stock_devices_cap(backend, gate):
    """An answer of the size that is let through is one that the client of 0.0.1 reads at once, whatever the text."""
    for nth, text in ((5, "\0" * 600), (6, "Z" * 599)):
        device, session = begin(backend, gate, nth, release="0.0.1")
        backend.send_data(session, text.encode())
        told = device.wire.take(1400)
        expect(len(package("/", "SEND", told["data"])) <= 1300, "what fits a segment")


def check_reload(backend, gate):
    """Settings count from the next message."""
    config = copy.deepcopy(gate.config)
    config["listeners"][0]["upss"] = {"reply_timeout": "10s", "max_reply": "5B", "routes": ["/new"]}
    with reloading(gate):
        write_config(gate, config)
        gate.signal(signal.SIGHUP)
    device, session = begin(backend, gate, 7, path="/new")
    expect_equal(refusal(backend, session, "six", payload=b"123456"), "reply is larger than max_reply", "six bytes")
    backend.send_data(session, b"12345")
    expect_equal(device.hear(), "12345", "five")
    expect_equal(gate.connected("/").talk("x"), ERROR, "a route that is not listed any more")


def main():
    with Backend() as backend:
        with UpssGate(backend, options={"reply_timeout": "1s", "turn_timeout": "500ms"}) as gate:
            device, session = check_refused_answers(backend, gate)
            check_turns(backend, device, session)
            check_silent_device(backend, device, session)
            check_silent_backend(backend, gate)
            check_end_by_backend(backend, gate)
            check_device_hangs_up(backend, gate)
            check_stock_devices_cap(backend, gate)
            check_reload(backend, gate)


run(main)
