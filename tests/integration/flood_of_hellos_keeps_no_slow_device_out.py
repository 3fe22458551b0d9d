"""A flood of HELLOs from one address gets in its own way: a device elsewhere has the time that its proof takes.

TCP, USMP and SPP, with `limits.handshakes: 16`. While somebody at 127.0.0.66 says HELLO hundreds of times and
finishes none, devices at another address of that network, and of another one, get in that prove themselves only after
1.5 s; and others get in at once. The flood's own handshakes are counted under the limit that they ran into.
"""

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import eventually, expect, run
from support.fleet import ONE, THREE, TWO, fleet
from support.flood import Flood
from support.hostile import expect_alive
from support.spp_device import raw, signed_hello
from support.spp_gate import SppGate, seed_of
from support.stranger import any_hello

SLOTS = 16
LISTENER = {"limits": {"handshakes": SLOTS}}
A_SECOND = 400
ELSEWHERE = ("127.0.0.7", "127.5.5.5")


def wait_flooded(flood, more):
    """Returns when so many more HELLOs were said."""
    wanted = flood.said() + more
    eventually(lambda: flood.said() >= wanted, f"{more} hellos of a flood", 60.0)


def made_way(gate):
    return gate.metric("gatehouse_limited_total", listener="fleet", limit="handshakes")


def usmp():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(3), listener=LISTENER) as gate:
        with Flood(gate.port, ["127.0.0.66"], any_hello(), A_SECOND) as flood:
            eventually(lambda: made_way(gate) > SLOTS, "the flood has filled the slots", 30.0)
            slow = [gate.device(name, source=source).open() for name, source in zip((ONE, TWO), ELSEWHERE)]
            for device in slow:
                device.send_hello()
                device.read_challenge()
            wait_flooded(flood, int(1.5 * A_SECOND))
            expect_alive(gate.connect(THREE, source=ELSEWHERE[0]))
            for device in slow:
                device.send_hello_ack()
                device.read_session_ok()
                expect_alive(device)


def spp():
    names = ["meter-1", "meter-2", "meter-3"]
    junk = signed_hello(seed_of(names[0]), raw(X25519PrivateKey.generate().public_key()))
    with Backend(echo=True) as backend, SppGate(backend, names, listener=LISTENER) as gate:
        with Flood(gate.port, ["127.0.0.66"], junk, A_SECOND) as flood:
            eventually(lambda: made_way(gate) > SLOTS, "the flood has filled the slots", 30.0)
            slow = [gate.device(name, source=source).open() for name, source in zip(names, ELSEWHERE)]
            for device in slow:
                device.shake_hands()
            wait_flooded(flood, int(1.5 * A_SECOND))
            expect(gate.connect(names[2], source=ELSEWHERE[0]).recv() == b"first", "a quick device gets in")
            for device in slow:
                expect_alive(device)


def main():
    usmp()
    spp()


run(main)
