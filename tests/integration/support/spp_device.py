"""An SPP device, as the Python releases are, with every step open to hostile tests.

Honest use: `SppDevice(port, seed, gateway_public).connect()`, then send and recv. A gateway tells nobody that he is
authenticated: the first record that opens is all that does it.
Hostile use: call the steps one by one, or not at all; `send_raw` puts any bytes on the wire, `seal` makes records that
the device's own counter would not make.
"""

import hashlib
import hmac
import os
import struct
import time

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from .usmp_device import Closed, Device, TimedOut
from .usmp_wire import Violation

HELLO_SIZE = 104
NONCE_SIZE = 12
GENERATIONS = ("0.2", "0.1")


def raw(public):
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def identity_of(seed):
    return raw(Ed25519PrivateKey.from_private_bytes(seed).public_key())


def signed_hello(seed, content):
    """A hello of whatever stands in the place of the ephemeral key."""
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(content)
    return struct.pack("<Q", len(signature) + len(content)) + signature + content


def _hmac(digest, key, message):
    return hmac.new(key, message, digest).digest()


def _hkdf(digest, secret):
    return _hmac(digest, _hmac(digest, bytes(32), secret), b"\x01")


DERIVE = {
    "0.2": lambda secret: hashlib.sha256(b"\0\0\0\1" + secret).digest(),
    "0.1": lambda secret: _hkdf("sha3_256", secret),
    "rs-d": lambda secret: _hkdf("sha256", secret),
}


class SppDevice(Device):
    """The connection is the same as of other TCP devices: open, close, send_raw, expect_closed."""

    def __init__(self, port, seed, gateway, generation="0.2", **options):
        super().__init__(port, "", b"", **options)
        self.seed = seed
        self.gateway = gateway
        self.spp = generation
        self.ephemeral = X25519PrivateKey.generate()
        self.key = None
        self.sent = 0
        self.got = 0

    # --- bytes ----------------------------------------------------------------------------------------------------

    def read_exactly(self, count, timeout=None):
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while len(self.pending) < count:
            self._receive_some(deadline)
        taken = bytes(self.pending[:count])
        del self.pending[:count]
        return taken

    def expect_closed(self, timeout=None):
        """Reads until the gateway closes; returns what came before. Fails if it stays open."""
        try:
            self.read_exactly(1 << 30, timeout)
        except TimedOut:
            raise AssertionError("the gateway did not close the connection") from None
        except Closed:
            return bytes(self.pending)
        finally:
            self.close()

    def is_silent(self, during):
        """Nothing comes, and the connection stays open."""
        try:
            self._receive_some(time.monotonic() + during)
        except TimedOut:
            return True
        return False

    # --- handshake ------------------------------------------------------------------------------------------------

    def hello(self):
        return signed_hello(self.seed, raw(self.ephemeral.public_key()))

    def send_hello(self):
        self.send_raw(self.hello())

    def read_hello(self):
        """The gateway's, which must be signed with the key that this device knows."""
        frame = self.read_exactly(HELLO_SIZE)
        if frame[:8] != struct.pack("<Q", 96):
            raise Violation(f"not a hello: {frame.hex()}")
        try:
            Ed25519PublicKey.from_public_bytes(self.gateway).verify(frame[8:72], frame[72:])
        except InvalidSignature:
            raise Violation("the hello is not signed by the gateway that this device knows") from None
        self.agree(frame[72:])
        return frame

    def agree(self, theirs):
        secret = self.ephemeral.exchange(X25519PublicKey.from_public_bytes(theirs))
        self.key = ChaCha20Poly1305(DERIVE[self.spp](secret))

    def shake_hands(self):
        self.send_hello()
        self.read_hello()
        return self

    def connect(self, first=b"first"):
        """In, with a first record, unless that is None."""
        self.open()
        self.shake_hands()
        if first is not None:
            self.send(first)
        return self

    def is_refused(self):
        """True if the gateway closes, at the hello or at the first record."""
        try:
            self.connect()
        except Closed:
            return True
        try:
            self._receive_some(time.monotonic() + self.timeout)
        except Closed:
            return True
        except TimedOut:
            pass
        return False

    # --- records --------------------------------------------------------------------------------------------------

    def seal(self, content, nonce=None, additional=None):
        """A record with anything in it."""
        nonce = nonce or os.urandom(NONCE_SIZE)
        body = nonce + self.key.encrypt(nonce, content, additional)
        return struct.pack("<Q", len(body)) + body

    def record(self, message):
        """The next one."""
        self.sent += 1
        number = b"" if self.spp == "rs-d" else struct.pack("<Q", self.sent)
        return self.seal(number + message)

    def send(self, message):
        self.send_raw(self.record(message))

    def read_record(self, timeout=None):
        """Whole, as it came."""
        head = self.read_exactly(8, timeout)
        return head + self.read_exactly(struct.unpack("<Q", head)[0], timeout)

    def unseal(self, record):
        try:
            content = self.key.decrypt(record[8 : 8 + NONCE_SIZE], record[8 + NONCE_SIZE :], None)
        except InvalidTag:
            raise Violation("a record of the gateway does not open") from None
        if self.spp == "rs-d":
            return content
        self.got += 1
        if struct.unpack("<Q", content[:8])[0] != self.got:
            raise Violation(f"record {self.got} carries number {content[:8].hex()}")
        return content[8:]

    def recv(self, timeout=None):
        return self.unseal(self.read_record(timeout))

    def is_alive(self, message=b"are you there"):
        """With a backend that echoes."""
        self.send(message)
        return self.recv() == message


__all__ = ["Closed", "GENERATIONS", "SppDevice", "TimedOut", "Violation", "identity_of", "signed_hello"]
