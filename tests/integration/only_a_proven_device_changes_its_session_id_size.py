"""Nobody without a device's key can make the gateway remember another session id size for it.

Peers that use the id of an A device do what would set the memory if they were proven: close after HELLO, close after
CHALLENGE, and send a HELLO_ACK under a wrong key and close. Afterwards the real A device gets in at its first try.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, run
from support.fleet import ALL_GENERATIONS, ONE, fleet, key_for
from support.hostile import expect_alive


def main():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(1), usmp=ALL_GENERATIONS) as gate:
        for number in range(1, 4):
            after_hello = gate.device(ONE, "B").open()
            after_hello.send_hello()
            after_hello.close()

            after_challenge = gate.device(ONE, "B").open()
            after_challenge.send_hello()
            after_challenge.read_challenge()
            after_challenge.close()

            wrong_key = gate.device(ONE, "B", psk=key_for("somebody else"))
            expect(wrong_key.is_refused(), "a wrong key is refused")
            gate.wait_handshakes("auth_failed", number)
        expect_alive(gate.connect(ONE, "A"))
        gate.wait_handshakes("ok", 1)


run(main)
