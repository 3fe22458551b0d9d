"""Deadlines, sizes, depths and rates bound what anybody can make the gateway do before it knows that there is a session,
and afterwards; an honest device is served all the while.
"""

import base64
import os
import time

from support.backend import Backend
from support.expect import expect, expect_equal, expect_raises, run
from support.upss_device import package, seal
from support.upss_gate import DEVICE, ERROR, UpssGate

HELLO = package("/", "SEND", {"msg": "hello"})


def check_handshake_deadline(gate):
    """Of silence, of half a package and of a handshake that stops somewhere, each after about a second."""
    began = time.monotonic()
    silent, half = gate.wire(), gate.wire()
    half.send(HELLO[:30])
    stopped = [gate.upss_device().begin() for _ in range(3)]
    stopped[1].offer_key()
    stopped[2].offer_key()
    stopped[2].call()
    for wire in (silent, half, *(one.wire for one in stopped)):
        expect(wire.is_closed(), "the gateway closes without a word")
    expect(0.9 < time.monotonic() - began < 5, f"after {time.monotonic() - began} s")
    gate.wait_handshakes("timeout", lambda count: count >= 4)


def check_sizes(gate, backend):
    for text in (b"{" + b" " * 4096, b" " * 4096, b'{"data": ' + b"[" * 16, HELLO[:-1] + b" " * 4100):
        wire = gate.wire()
        wire.send(text)
        expect(wire.is_closed(), f"too much: {text[:20]}")
    gate.wait_handshakes("malformed", lambda count: count >= 4)
    device = gate.connected()
    limit = 8192
    longest = device.message("x" * 4400)
    expect(len(package("/", "SEND", longest)) < limit, "that it fits")
    device.send("SEND", longest)
    expect_equal(device.hear(), "x" * 4400, "the echo")
    device.send("SEND", {"msg": seal(device.key, "y" * 6000)})
    expect(device.is_closed(), "the gateway closes")
    gate.wait_rejected("oversize", 1)
    expect_equal(len(backend.settled_data(DEVICE)), 1, "messages")
    route = "/" + "a" * 300
    wire = gate.wire()
    wire.send(package(route, "SEND", {"msg": "hello"}))
    expect(wire.is_closed(), "a route that is too long")


def check_sessions_by_address(gate):
    held = [gate.connected() for _ in range(4)]
    for one in held:
        one.talk("hello")
    fifth = gate.upss_device()
    expect_raises((ConnectionError, RuntimeError), lambda: fifth.connect().talk("x"))
    gate.wait_metric("gatehouse_limited_total", lambda count: count > 0, listener="fleet", limit="sessions_per_address")
    for one in held:
        one.close()


def check_rate_of_messages():
    """Also of messages that were sent all at once."""
    with Backend(echo=True) as backend, UpssGate(backend, listener={"limits": {"messages_per_second": 2}}) as gate:
        device = gate.connected()
        began = time.monotonic()
        device.wire.send(b"".join(package("/", "SEND", device.message(f"message {number}")) for number in range(6)))
        heard = b""
        while heard.count(b'"msg"') < 6:
            more = device.wire.socket.recv(65536)
            expect(more, "the gateway waits, and loses nothing")
            heard += more
        expect(time.monotonic() - began > 1.8, f"6 messages in {time.monotonic() - began} s")
        expect_equal(len(backend.settled_data(DEVICE)), 6, "messages")


def check_rate_of_keys():
    """RSA is the dear part: so many openings a second, of all workers together; who comes too fast is turned away."""
    with Backend(echo=True) as backend, UpssGate(backend, options={"openings_per_second": 20}) as gate:
        refused = 0
        for _ in range(120):
            device = gate.upss_device().begin()
            device.send("SEND", {"key": base64.b64encode(os.urandom(256)).decode()})
            try:
                device.wire.take()
            except ConnectionError:
                refused += 1
            device.close()
        expect(refused > 20, f"{refused} of 120 were turned away")
        gate.wait_metric("gatehouse_limited_total", lambda count: count > 0, listener="fleet", limit="agreements")


def main():
    options = {"body_limit": "8KiB", "max_reply": "8KiB"}
    with Backend(echo=True) as backend:
        with UpssGate(backend, options=options, listener={"handshake_timeout": "1s"}) as gate:
            check_handshake_deadline(gate)
            check_sizes(gate, backend)
            gate.expect_alive()
        limits = {"limits": {"sessions_per_address": 4}}
        with UpssGate(backend, listener=limits) as gate:
            check_sessions_by_address(gate)
    check_rate_of_messages()
    check_rate_of_keys()


run(main)
