"""The gateway's RSA key: made anew at each start and when its kind changes, or read from a file and then kept. Handshakes
that were told the key before end with it. What cannot be read is explained, and changes nothing.

A session that was recorded plays never again under a key that was made; under one that was given once after a restart, as
docs/protocols/upss.md says.
"""

import copy
import signal

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_public_key,
)

from support.backend import Backend
from support.changes import reloading, write_config
from support.daemon import write_secret
from support.expect import expect, expect_equal, run
from support.upss_device import SENTENCE
from support.upss_gate import DEVICE, ERROR, UpssGate, repeat

PEM = Encoding.PEM


def make(bits=2048):
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def private_pem(key, form=PrivateFormat.PKCS8, encryption=None):
    return key.private_bytes(PEM, form, encryption or NoEncryption())


def public_pem(key):
    return key.public_key().public_bytes(PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def reload(gate, options, result="ok"):
    config = copy.deepcopy(gate.config)
    config["listeners"][0]["upss"] = options
    with reloading(gate, result):
        write_config(gate, config)
        gate.signal(signal.SIGHUP)


def told_key(gate):
    device = gate.upss_device().begin()
    device.close()
    return device.public_pem


def restart(gate):
    gate.terminate()
    expect_equal(gate.wait_exit(), 0, "the exit")
    gate.start()


def expect_goes_on(device, text):
    """A handshake that was told its key some time ago."""
    expect_equal(device.offer_key(), SENTENCE, "the confirmation")
    expect_equal(device.call().talk(text), text, "the echo")


def check_made(gate, backend):
    recorded = gate.connected()
    recorded.talk("made")
    first = recorded.public_pem
    expect_equal(told_key(gate), first, "the key of all workers")
    expect_equal(load_pem_public_key(first.encode()).key_size, 2048, "its size")
    before = gate.upss_device().begin()
    reload(gate, {"key_bits": 3072})
    second = told_key(gate)
    expect_equal(load_pem_public_key(second.encode()).key_size, 3072, "its size then")
    expect_goes_on(before, "told before")
    expect_equal(gate.connected().talk("told after"), "told after", "the echo")
    restart(gate)
    expect(told_key(gate) not in (first, second), "the key after a restart is another")
    check_repeat(gate, backend, recorded, played=False)


def check_repeat(gate, backend, recorded, played):
    known = backend.data(DEVICE).count(b"only once")
    told = repeat(gate, [recorded.said[0], recorded.said[1], b"".join(recorded.said[2:4]), recorded.said[4]], {0, 1, 2, 3})
    if played:
        expect_equal(backend.settled_data(DEVICE).count(b"only once"), known + 1, "how often the backend got it")
        return
    last = told[-1]
    expect(isinstance(last, ConnectionError) or last["data"] == ERROR, f"the end of a repeat: {last}")
    expect_equal(backend.settled_data(DEVICE).count(b"only once"), known, "how often the backend got it")


def check_given(gate, backend, file):
    key, other = make(), make(3072)
    write_secret(file, private_pem(key))
    reload(gate, {"private_key": f"file:{file}"})
    expect_equal(told_key(gate), public_pem(key), "the key that was given")
    recorded = gate.connected()
    recorded.talk("only once")
    before = gate.upss_device().begin()

    write_secret(file, private_pem(other, PrivateFormat.TraditionalOpenSSL))
    reload(gate, {"private_key": f"file:{file}", "max_reply": "500B"})
    expect_equal(told_key(gate), public_pem(other), "another one, as PKCS#1")
    expect_goes_on(before, "told before")

    for wrong in (
        b"",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        private_pem(key, encryption=BestAvailableEncryption(b"password")),
        private_pem(make(1024)),
        private_pem(ed25519.Ed25519PrivateKey.generate()),
        public_pem(key).encode(),
    ):
        write_secret(file, wrong)
        reload(gate, {"private_key": f"file:{file}", "max_reply": "400B"}, "failed")
        expect(gate.log_records("reload failed"), "the reason")
        expect_equal(told_key(gate), public_pem(other), f"the key stays in spite of {wrong[:40]}")

    write_secret(file, private_pem(key))
    reload(gate, {"private_key": f"file:{file}", "max_reply": "300B"})
    expect_equal(told_key(gate), public_pem(key), "the first one again")
    return recorded


def main():
    with Backend(echo=True) as backend, UpssGate(backend) as gate:
        check_made(gate, backend)
        recorded = check_given(gate, backend, gate.directory / "keys" / "upss.pem")
        restart(gate)
        expect_equal(told_key(gate), recorded.public_pem, "the key after a restart is the same")
        check_repeat(gate, backend, recorded, played=True)
        check_repeat(gate, backend, recorded, played=False)


run(main)
