"""A UDP handshake that is not finished within `handshake_timeout` is forgotten and counted as `timeout`, once.

With a limit of 1 s: one device stops after its HELLO, one after the CHALLENGE's UTACK. A proof that comes after the
limit is not acknowledged; a new HELLO from the same address begins anew and gets in.
"""

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, TWO, fleet
from support.hostile import expect_alive


def main():
    listener = {**UDP, "handshake_timeout": "1s"}
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(2), listener=listener) as gate:
        silent = gate.datagram_device(ONE).open()
        silent.send_raw(silent.hello_frame())
        device = gate.datagram_device(TWO).open()
        device.send_hello()
        device.read_challenge()
        gate.wait_handshakes("timeout", 2)
        expect(not device.is_acknowledged(device.hello_ack_frame(), 0.3), "UTACK of a proof that comes too late")
        expect_alive(device.successor().handshake())
        gate.wait_handshakes("ok", 1)
        expect_equal(gate.handshakes("timeout"), 2, "time-outs")


run(main)
