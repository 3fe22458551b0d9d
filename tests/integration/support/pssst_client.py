"""A PSSST client of our own: the packets, and a socket that asks and listens; every step open to hostile tests.

Honest use: `Client(port, gateway_public, private).ask(b"message")`. `request` makes a packet without sending it;
`post` sends any bytes; `take` waits for the next datagram. The same `Request` may be posted again, from any socket.
"""

import hashlib
import os
import socket
import struct

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

REPLY, CLIENT_AUTH = 0x8000, 0x4000
SUITE = 1
DH = slice(4, 36)
OVERHEAD = 52


def scalar_times(scalar, point):
    return X25519PrivateKey.from_private_bytes(scalar).exchange(X25519PublicKey.from_public_bytes(point))


def public_of(private):
    raw = X25519PrivateKey.from_private_bytes(private).public_key()
    return raw.public_bytes(Encoding.Raw, PublicFormat.Raw)


def new_private():
    return X25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def derive(dh, shared):
    """(key, request nonce, reply nonce)"""
    digest = hashlib.sha256(dh + shared).digest()
    return digest[:16], digest[16:24] + b"RQST", digest[24:] + b"RPLY"


class Request:
    def __init__(self, gateway, message, private=None, *, ephemeral=None, flags=0, proof=None):
        ephemeral = ephemeral or new_private()
        if private is None:
            self.dh, shared = public_of(ephemeral), scalar_times(ephemeral, gateway)
            plaintext = message
        else:
            flags |= CLIENT_AUTH
            own = public_of(private)
            self.dh = scalar_times(ephemeral, own)
            shared = scalar_times(ephemeral, scalar_times(private, gateway))
            plaintext = (own + ephemeral if proof is None else proof) + message
        self.flags = flags
        self.key, nonce, self.reply_nonce = derive(self.dh, shared)
        header = struct.pack(">HH", flags, SUITE)
        self.packet = header + self.dh + AESGCM(self.key).encrypt(nonce, plaintext, header)

    def open(self, reply):
        """The message in the gateway's reply; raises when it is none to this request."""
        header = struct.pack(">HH", REPLY | self.flags & CLIENT_AUTH, SUITE)
        if reply[:4] != header or reply[DH] != self.dh:
            raise ValueError(f"not the reply to this request: {reply[:36].hex()}")
        return AESGCM(self.key).decrypt(self.reply_nonce, reply[36:], header)


class Client:
    """A socket with its own port, and the keys that it uses."""

    def __init__(self, port, gateway, private=None, *, host="127.0.0.1"):
        self.gateway, self.private = gateway, private
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect((host, port))

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def request(self, message, **options):
        return Request(self.gateway, message, self.private, **options)

    def post(self, what):
        self.socket.send(what.packet if isinstance(what, Request) else what)

    def take(self, timeout=5.0):
        """The next datagram, or None."""
        self.socket.settimeout(timeout)
        try:
            return self.socket.recv(65536)
        except TimeoutError:
            return None

    def send(self, message, **options):
        made = self.request(message, **options)
        self.post(made)
        return made

    def ask(self, message, timeout=5.0, **options):
        """The reply's message, or None."""
        made = self.send(message, **options)
        reply = self.take(timeout)
        return None if reply is None else made.open(reply)


def random_packet(size, head=b"\0\0\0\1"):
    """As long as that, and nobody's."""
    return (head + os.urandom(size))[:size]
