"""A device with a wrong key that tries without end keeps no neighbour at its address out.

With `limits: {handshakes: 256, handshakes_per_address: 4}` and four workers, a device with a wrong key begins forty
handshakes from one address and finishes none; in between its neighbours at the same address get in, also those that
know no cookies, and a neighbour with a session notices nothing. Each handshake with a wrong proof is counted once,
however often the proof is sent.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, run
from support.fleet import fleet, key_for
from support.hostile import expect_alive

NAMES = ("D3", "D2", "D1", "C")
LIMITS = {"handshakes": 256, "handshakes_per_address": 4}
SETTINGS = {"generations": ["2", "1-bound"]}
TRIES = 10


def try_wrong_key(gate, device_id):
    """True when the wrong proof was sent; the gateway may also refuse to listen to this device."""
    device = gate.datagram_device(device_id, psk=key_for("wrong")).open()
    device.send_raw(device.hello_frame())
    if not device.pump(lambda: wire.CHALLENGE in device.steps, 0.1):
        return False
    device.read_challenge()
    for _ in range(3):
        expect(not device.is_acknowledged(device.hello_ack_frame(), 0.02), "UTACK of a wrong proof")
    return True


def main():
    devices = fleet(len(NAMES) + 2)
    wrong, steady_id, *neighbours = devices
    with Backend(echo=True) as backend:
        with Gatehouse(backend, devices, usmp=SETTINGS, limits=LIMITS, listener=UDP, workers=4) as gate:
            steady = gate.connect_datagram(steady_id)
            proofs = 0
            for device_id, name in zip(neighbours, NAMES):
                proofs += sum(try_wrong_key(gate, wrong) for _ in range(TRIES))
                expect_alive(gate.connect_datagram(device_id, name))
                expect_alive(steady)
                gate.wait_handshakes("auth_failed", proofs)
            gate.wait_handshakes("ok", len(NAMES) + 1)


run(main)
