"""A packet that was accepted at one listener is known at another one with the same gateway key: it gets the same bytes.

Otherwise the other one would seal a second reply under the first one's key and nonce. Also while both take requests of
other devices, and after a reload.
"""

import signal

from support.backend import Backend
from support.changes import reloading
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import key_for
from support.pssst_client import Client, public_of
from support.pssst_gate import device_private
from support.yaml_text import to_yaml

LISTENERS = [{"name": name, "protocol": "pssst", "transport": "udp"} for name in ("here", "there")]
ROUNDS = 12


def main():
    gateway, device = key_for("gateway g1"), device_private("meter-4")
    credentials = to_yaml({
        "version": 1,
        "gateway_keys": [{"id": "g1", "private": "hex:" + gateway.hex()}],
        "devices": {"meter-4": {"public": "hex:" + public_of(device).hex()}},
    })
    with Backend() as backend, Gatehouse(backend, listeners=LISTENERS, credentials=credentials) as gate:
        here, there = (Client(gate.ports[name], public_of(gateway), device) for name in ("here", "there"))
        asked = []
        for number in range(ROUNDS):
            request = here.send(b"what time is it?")
            there.post(request)
            session = backend.wait_for(number + 1, type="open")[number]["session"]
            expect(there.take(0.05) is None, "there is no reply yet")
            backend.send_data(session, b"%d o'clock" % number)
            reply = here.take()
            expect_equal(request.open(reply), b"%d o'clock" % number, "the reply")
            asked.append((request, reply))
        with reloading(gate):
            gate.signal(signal.SIGHUP)
        for request, reply in asked:
            there.post(request)
            expect_equal(there.take(), reply, "the bytes of the reply, from the other listener")
        expect_equal(len(backend.select(type="data")), ROUNDS, "messages at the backend")


run(main)
