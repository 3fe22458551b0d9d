"""Junk hellos do not use up the signatures that are verified for devices at new addresses, or after a restart.

With 64 devices and `trial_keys: 64` a hello of nobody costs 64 verifications, and a worker makes 2000 a second for
strangers. While somebody at 127.0.0.66 sends 300 hellos a second, devices that were never seen at their address get in
at their first try. After a restart with `state_directory`, devices get in where they were seen before although junk of
eighty networks leaves no share that would do.
"""

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from support.backend import Backend
from support.expect import eventually, expect, expect_equal, run
from support.fleet import key_for
from support.flood import Flood, networks
from support.spp_device import raw, signed_hello
from support.spp_gate import SppGate

NAMES = [f"meter-{number}" for number in range(1, 65)]
SOURCES = ("127.0.0.7", "127.0.0.8", "127.5.5.5")
NOBODY = key_for("nobody's")


def refused(gate):
    return gate.metric("gatehouse_limited_total", listener="fleet", limit="hello_trials")


def wait_refused(gate, more):
    wanted = refused(gate) + more
    eventually(lambda: refused(gate) >= wanted, "the trials are used up", 60.0)


def connect(gate, name, source):
    device = gate.connect(name, source=source)
    expect_equal(device.recv(), b"first", f"{name} at {source}")
    return device


def main():
    junk = signed_hello(NOBODY, raw(X25519PrivateKey.generate().public_key()))
    with Backend(echo=True) as backend:
        with SppGate(backend, NAMES, settings={"state_directory": "state"}) as gate:
            with Flood(gate.port, ["127.0.0.66"], junk, 300):
                wait_refused(gate, 100)
                for number, source in enumerate(SOURCES):
                    connect(gate, NAMES[20 * number + 7], source)
                    wait_refused(gate, 20)
            gate.terminate()
            expect_equal(gate.wait_exit(), 0, "exit code")
            gate.start()
            with Flood(gate.port, networks(80), junk, 300):
                wait_refused(gate, 100)
                for number, source in enumerate(SOURCES):
                    connect(gate, NAMES[20 * number + 7], source)
            expect(not gate.log_records("state ignored"), "the state was read")


run(main)
