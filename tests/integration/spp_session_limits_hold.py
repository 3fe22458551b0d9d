"""Silence, age and the end of the daemon end sessions without a word on the wire, each for its own reason.

The protocol has no goodbye: the device sees its connection end. What it had sent before is delivered when the daemon
drains.
"""

from support.backend import Backend
from support.changes import wait_closed
from support.expect import expect, expect_equal, run
from support.spp_gate import SppGate


def session_of(backend, name):
    return backend.opened(name)["session"]


def main():
    with Backend() as backend, SppGate(backend, listener={"idle_timeout": "700ms"}) as gate:
        device = gate.connect()
        for _ in range(4):
            expect(device.is_silent(0.3), "a device that speaks stays")
            device.send(b"here")
        expect_equal(device.expect_closed(), b"", "what a silent device is told")
        wait_closed(backend, session_of(backend, "meter-1"), "idle")

    with Backend() as backend, SppGate(backend, listener={"max_session_age": "1s"}) as gate:
        device = gate.connect()
        expect_equal(device.expect_closed(), b"", "what an old session is told")
        wait_closed(backend, session_of(backend, "meter-1"), "age")

    with Backend() as backend, SppGate(backend, clean_exit=True) as gate:
        device = gate.connect()
        session = session_of(backend, "meter-1")
        waiting = gate.device().open()
        device.send(b"the last one")
        gate.terminate()
        expect_equal(device.expect_closed(), b"", "what the device is told when the daemon drains")
        expect_equal(waiting.expect_closed(), b"", "what a connection that never spoke is told")
        wait_closed(backend, session, "shutdown")
        expect_equal(backend.data("meter-1")[-1], b"the last one", "the last message")
        expect_equal(gate.wait_exit(), 0, "the daemon's exit")


run(main)
