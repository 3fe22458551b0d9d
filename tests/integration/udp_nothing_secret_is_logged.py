"""Neither the log nor the metrics of a UDP listener show keys, proofs, cookies or messages, whatever happens.

Handshakes with and without cookie that succeed and fail, messages, REKEY, junk and moves, at log level debug: nothing
of the secrets is in the log, in any usual spelling.
"""

import os

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, run
from support.fleet import ONE, TWO, fleet, key_for
from support.secret_search import check_clean

MESSAGE = b"the boiler is at ninety degrees"


def main():
    settings = {"cookies": "always"}
    with Backend() as backend, Gatehouse(backend, fleet(2), usmp=settings, listener=UDP) as gate:
        device = gate.connect_datagram(ONE)
        device.send(MESSAGE)
        secrets = {"key": gate.key(ONE), "message": MESSAGE, "cookie": device.read_cookie()}
        secrets |= {"uplink key": device.channel.tx_key, "downlink key": device.channel.rx_key}
        device.rekey()
        secrets |= {"new uplink key": device.channel.tx_key, "new downlink key": device.channel.rx_key}
        device.rebind()
        device.send(b"elsewhere")
        device.send_raw(os.urandom(100))
        device.send_raw(wire.build_frame(2, wire.DATA, 9, os.urandom(100)))
        liar = gate.datagram_device(TWO, psk=key_for("wrong")).open()
        liar.send_hello()
        liar.send_hello(liar.read_cookie())
        liar.read_challenge()
        secrets |= {"proof": liar.hello_ack_frame()[12:], "wrong key": liar.psk}
        liar.is_acknowledged(liar.hello_ack_frame(), 0.1)
        gate.wait_handshakes("auth_failed", 1)
        device.bye()
        backend.wait_for(type="close")
        text = gate.log() + gate.get("/metrics")[1]
        expect(MESSAGE.decode() not in text, "the message is in the log")
        for what, secret in secrets.items():
            check_clean(f"the log or the metrics ({what})", text, [secret])


run(main)
