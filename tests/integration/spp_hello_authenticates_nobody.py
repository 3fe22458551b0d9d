"""A hello proves nothing: the device is authenticated by its first record that opens, and the backend hears of it then.

Who repeats a device's hello gets the gateway's answer, but cannot make a record: no open record, no message, and the
handshake fails at the first thing that it sends, or in time. The device itself is not disturbed.
"""

from support.backend import Backend
from support.expect import expect, expect_equal, never, run
from support.spp_gate import SppGate


def main():
    listener = {"handshake_timeout": "2s"}
    with Backend(echo=True) as backend, SppGate(backend, listener=listener) as gate:
        device = gate.device().open()
        hello = device.hello()
        device.send_raw(hello)
        device.read_hello()
        never(lambda: backend.select(type="open"), "an open record before the first record", 0.3)
        expect_equal(gate.metric("gatehouse_sessions", listener="fleet"), 0, "sessions after the hello")
        device.send(b"now")
        backend.opened("meter-1")
        expect_equal(device.recv(), b"now", "the echo")

        for _ in range(3):
            thief = gate.device().open()
            thief.send_raw(hello)
            expect_equal(len(thief.read_exactly(104)), 104, "the answer to a repeated hello")
            thief.send_raw((36).to_bytes(8, "little") + bytes(36))
            thief.expect_closed()
        gate.wait_refused("auth_failed", "does not authenticate", before=2)

        patient = gate.device().open()
        patient.send_raw(hello)
        patient.read_exactly(104)
        patient.expect_closed()
        gate.wait_refused("timeout", "handshake not finished in time")

        expect(device.is_alive(), "the device itself is not disturbed")
        expect_equal(len(backend.select(type="open")), 1, "sessions that were opened")


run(main)
