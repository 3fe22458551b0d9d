"""Devices of both releases talk with the backend: their texts go up with the route, answers come down as one package, and
conversations go on by turns until the backend names the outcome.
"""

from support.backend import Backend, payload_of
from support.changes import wait_closed
from support.expect import expect, expect_equal, run
from support.upss_device import package
from support.upss_gate import DEVICE, OK, UpssGate

ROUTES = ["/", "/telemetry", "/none/путь"]


def open_of(backend, nth):
    return backend.opened(DEVICE, nth)


def check_records(backend, gate):
    device = gate.connected("/telemetry")
    device.say("21.5 °C")
    opened = open_of(backend, 1)
    wanted = {"protocol": "upss", "listener": "fleet", "route": "/telemetry", "generation": "0.0.2", "authenticated": False}
    expect_equal({name: opened.get(name) for name in wanted}, wanted, "what the backend is told of a session")
    told = backend.wait_for(type="data", session=opened["session"])[0]
    expect_equal((payload_of(told), told["seq"]), ("21.5 °C".encode(), 1), "the message")
    expect("plain" not in told, "members that nobody asked for")
    backend.send_data(opened["session"], "öffnen".encode())
    expect_equal(device.hear(), "öffnen", "the answer")
    return device, opened["session"]


def check_conversation(backend, device, session):
    """Several messages each way, and the outcome last, in the backend's word."""
    for number in (2, 3):
        device.say(f"message {number}")
        backend.wait_for(number, type="data", session=session)
        backend.send_data(session, f"answer {number}".encode())
        expect_equal(device.hear(), f"answer {number}", "an answer")
    device.say("the last")
    backend.wait_for(4, type="data", session=session)
    backend.send({"type": "data", "session": session, "status": "BYE"})
    expect_equal(device.hear(), {"status": "BYE"}, "the outcome")
    expect(device.is_closed(), "the gateway closes behind the last answer")
    wait_closed(backend, session, "bye")


def check_first_release(backend, gate):
    """One message, one answer; then the gateway closes."""
    device = gate.connected("/", release="0.0.1")
    device.say("old style")
    opened = open_of(backend, 2)
    expect_equal(opened["generation"], "0.0.1", "the release that the message hints at")
    backend.wait_for(type="data", session=opened["session"])
    backend.send_data(opened["session"], b"old answer")
    expect_equal(device.hear(), "old answer", "the answer")
    expect(device.is_closed(), "the gateway closes behind it")
    wait_closed(backend, opened["session"], "bye")


def check_text_and_outcome(backend, gate):
    """A text goes before an outcome: stock devices read one package. Nothing at all is OK."""
    for nth, record, heard in (
        (3, {"payload": b"so be it", "status": "DONE"}, "so be it"),
        (4, {"payload": b""}, OK),
        (5, {"status": "ERROR"}, {"status": "ERROR"}),
    ):
        device = gate.connected("/")
        device.say("well?")
        session = open_of(backend, nth)["session"]
        backend.wait_for(type="data", session=session)
        backend.send({"type": "data", "session": session, **record})
        expect_equal(device.hear(), heard, f"the answer to {record}")
        expect(device.is_closed(), "the gateway closes")
        wait_closed(backend, session, "bye")


def check_other_path(backend, gate):
    """A message's own path and type are the application's; the route is that of the handshake. It may be any text."""
    device = gate.connected("/none/путь")
    device.wire.send(package("/elsewhere", "ANY", device.message("x")))
    opened = open_of(backend, 6)
    expect_equal(opened["route"], "/none/путь", "the route")
    backend.wait_for(type="data", session=opened["session"])
    backend.send_data(opened["session"], b"y")
    expect_equal(device.hear(), "y", "the answer")


def check_plain(backend):
    with UpssGate(backend, options={"forward_plain": True}) as gate:
        before = len(backend.select(type="data"))
        device = gate.connected()
        data = {"unit": "°C", **device.message("21"), "at": [1, {"x": None}]}
        device.send("SEND", data)
        told = backend.wait_for(before + 1, type="data")[-1]
        expect_equal(told["plain"], {"unit": "°C", "at": [1, {"x": None}]}, "what came unprotected")
        backend.send_data(told["session"], b"ok")
        device.hear()
        device.say("alone")
        told = backend.wait_for(before + 2, type="data")[-1]
        expect("plain" not in told, "nothing came beside it")


def main():
    with Backend() as backend:
        with UpssGate(backend, options={"routes": ROUTES}) as gate:
            device, session = check_records(backend, gate)
            check_conversation(backend, device, session)
            check_first_release(backend, gate)
            check_text_and_outcome(backend, gate)
            check_other_path(backend, gate)
        check_plain(backend)


run(main)
