"""Whatever `cookies` says, a flood of HELLOs that nobody finishes does not keep devices out, and ends no session.

With `limits.handshakes: 32`, hundreds of HELLOs come before each device: all get in within their own five
transmissions, C and D1 too with `never`. With `always`, and with `auto` once the flood is noticed, hundreds more come
in the middle of the handshake and push nobody out. A device that has a session notices nothing.
"""

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import run
from support.fleet import fleet
from support.hostile import expect_alive
from support.stranger import Crowd

LIMITS = {"handshakes": 32}
ADDRESSES = 100


def connect(gate, device_id, name, crowd, cookies):
    device = gate.datagram_device(device_id, name).open()
    if cookies == "never":
        return device.handshake()
    device.send_hello()
    device.send_hello(device.read_cookie())
    device.read_challenge()
    crowd.say_hello(2)
    device.send_hello_ack()
    device.read_session_ok()
    return device


def check(cookies, names):
    devices = fleet(len(names) + 1)
    steady_id, *others = devices
    settings = {"generations": ["2", "1-bound"], "cookies": cookies}
    with Backend(echo=True) as backend:
        with Gatehouse(backend, devices, usmp=settings, limits=LIMITS, listener=UDP, workers=4) as gate:
            steady = gate.connect_datagram(steady_id)
            with Crowd(gate.port, ADDRESSES) as crowd:
                for device_id, name in zip(others, names):
                    crowd.say_hello(2)
                    expect_alive(connect(gate, device_id, name, crowd, cookies))
                    expect_alive(steady)


def main():
    check("always", ("D2", "D3"))
    check("auto", ("D2", "D3"))
    check("never", ("C", "D1", "D2", "D3"))


run(main)
