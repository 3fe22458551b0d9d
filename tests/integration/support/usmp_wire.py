"""USMP frames, keys and transcripts for every generation, without sockets.

An implementation of its own, on python3-cryptography, so that it can judge the daemon: it shares no code and no
author's assumption with `lib/protocol`. `Channel` is one end of an established session; the same class serves the
device's end and, in self_check.py, the gateway's end.
"""

import dataclasses
import hashlib
import hmac
import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HELLO, CHALLENGE, HELLO_ACK, SESSION_OK = 0x01, 0x02, 0x03, 0x04
DATA, PING, PONG, BYE, DATA_FRAG, HELLO_RETRY, REKEY = 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B
CONTROL = (PING, PONG, BYE)

MAGIC = b"\xcd\xab"
ACK_MAGIC = b"\xac\xac"
ACK_SIZE, PROVEN_ACK_SIZE = 7, 15
HEADER_SIZE = 12
MAX_PAYLOAD = 480
MAX_FRAGMENTS = 4
TAG_SIZE = 16
NONCE_SIZE = 12

CIPHERS = {"aes-256-gcm": AESGCM, "chacha20-poly1305": ChaCha20Poly1305}


class Violation(Exception):
    """The peer sent something that a real device would not accept."""


@dataclasses.dataclass(frozen=True)
class Generation:
    """The facts in which the generations differ; `reported` is what an open record calls it."""

    name: str
    reported: str
    version: int
    session_id_size: int
    label: bytes
    binds_public_keys: bool
    prefixed_transcript: bool
    directional_keys: bool
    nonce: str  # "implicit": not on the wire; "random": on the wire, any; "counted": on the wire, must match
    fragments: bool
    hello_ack_seq: int
    rekey: bool

    @property
    def proves_acks(self):
        """Over UDP, 0.6 brought MACs in UTACKs, the cookie and the window of sequence numbers."""
        return self.prefixed_transcript

    @property
    def overhead(self):
        return TAG_SIZE if self.nonce == "implicit" else TAG_SIZE + NONCE_SIZE

    @property
    def max_plaintext(self):
        return MAX_PAYLOAD - self.overhead

    @property
    def max_message(self):
        return self.max_plaintext * (MAX_FRAGMENTS if self.fragments else 1)


GENERATIONS = {
    g.name: g
    for g in (
        Generation("A", "0.2", 1, 4, b"usmp-v1", False, False, False, "implicit", False, 0, False),
        Generation("B", "0.3", 1, 16, b"usmp-v1", False, False, False, "random", False, 0, False),
        Generation("C0", "0.3", 1, 16, b"usmp-v1", False, False, False, "counted", False, 0, False),
        Generation("C", "0.4.7", 1, 16, b"usmp-v1", True, False, False, "counted", True, 0, False),
        Generation("D1", "0.5", 2, 16, b"usmp-v2", True, False, True, "counted", True, 0, False),
        Generation("D2", "1.0", 2, 16, b"usmp-v2", True, True, True, "counted", True, 0, False),
        Generation("D3", "1.2", 2, 16, b"usmp-v2", True, True, True, "counted", True, 2, True),
    )
}

# The labels seen in the 0.2 line: HELLO to SESSION_OK are the same for all, only the session key differs.
LABELS_OF_A = (b"usmp-v1", b"dxp-v1", b"usmp-v")


def crc16(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def build_frame(version, kind, seq, payload, crc=None, length=None, magic=MAGIC):
    """A frame with a right checksum; `crc`, `length` and `magic` make wrong ones on purpose."""
    head = magic + struct.pack("<BBIH", version, kind, seq, len(payload) if length is None else length)
    if crc is None:
        crc = crc16(head + payload)
    return head + struct.pack("<H", crc) + payload


@dataclasses.dataclass(frozen=True)
class Frame:
    version: int
    kind: int
    seq: int
    payload: bytes
    raw: bytes

    @property
    def associated_data(self):
        return self.raw[:10]


def payload_length(header):
    return struct.unpack_from("<H", header, 8)[0]


def parse_frame(raw, version):
    """Judges a whole frame as the C core does: magic, version, length and checksum, in every phase."""
    if len(raw) < HEADER_SIZE:
        raise Violation(f"a frame of {len(raw)} bytes")
    magic, got_version, kind, seq, length, crc = struct.unpack_from("<2sBBIHH", raw)
    if magic != MAGIC:
        raise Violation(f"magic {magic.hex()}")
    if got_version != version:
        raise Violation(f"version {got_version} instead of {version}")
    if length > MAX_PAYLOAD or len(raw) != HEADER_SIZE + length:
        raise Violation(f"length field {length}, {len(raw) - HEADER_SIZE} bytes of payload")
    payload = raw[HEADER_SIZE:]
    if crc16(raw[:10] + payload) != crc:
        raise Violation(f"checksum {crc:04x} of a frame of type {kind:02x} is wrong")
    return Frame(got_version, kind, seq, payload, raw)


def hkdf_sha256(ikm, salt, info, length):
    prk = hmac.new(salt or bytes(32), ikm, hashlib.sha256).digest()
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([counter]), hashlib.sha256).digest()
        out, counter = out + block, counter + 1
    return out[:length]


def mac(psk, transcript):
    return hmac.new(psk, transcript, hashlib.sha256).digest()


def client_transcript(generation, nonce, device_id, public_client, public_server):
    prefix = MAGIC + bytes([generation.version, HELLO_ACK]) if generation.prefixed_transcript else b""
    keys = public_client + public_server if generation.binds_public_keys else b""
    return prefix + nonce + device_id + keys


def server_transcript(generation, nonce, session_id, public_client, public_server):
    prefix = MAGIC + bytes([generation.version, SESSION_OK]) if generation.prefixed_transcript else b""
    keys = public_client + public_server if generation.binds_public_keys else b""
    return prefix + nonce + session_id + keys


def session_keys(generation, shared, nonce, public_client, public_server, label=None):
    """(client to server, server to client); the same key twice before 0.5."""
    info = (generation.label if label is None else label) + public_client + public_server
    if not generation.directional_keys:
        key = hkdf_sha256(shared, nonce, info, 32)
        return key, key
    both = hkdf_sha256(shared, nonce, info, 64)
    return both[:32], both[32:]


def build_ack(kind, seq, key=None):
    """A UTACK, the acknowledgement of one datagram; `key` is the one that the acknowledged frame was sealed with."""
    head = ACK_MAGIC + struct.pack("<BI", kind, seq)
    return head if key is None else head + mac(key, head)[:8]


def parse_ack(raw):
    """(type, sequence) of a UTACK, None for anything else."""
    if raw[:2] != ACK_MAGIC or len(raw) < ACK_SIZE:
        return None
    return struct.unpack_from("<BI", raw, 2)


def public_bytes(private):
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def new_private():
    return X25519PrivateKey.generate()


def private_from(raw):
    return X25519PrivateKey.from_private_bytes(raw)


def exchange(private, peer_public):
    return private.exchange(X25519PublicKey.from_public_bytes(peer_public))


class Channel:
    """One end of an established session: seals with `tx`, opens with `rx`, counts both directions strictly."""

    def __init__(self, generation, session_id, tx_key, rx_key, cipher="aes-256-gcm", random_bytes=os.urandom):
        self.generation = generation
        self.session_id = session_id
        self.cipher = CIPHERS[cipher]
        self.random_bytes = random_bytes
        self.tx_seq = 0
        self.rx_seq = 0
        self._install(tx_key, rx_key)

    def _install(self, tx_key, rx_key):
        self.tx_key, self.rx_key = tx_key, rx_key
        self._sealer, self._opener = self.cipher(tx_key), self.cipher(rx_key)

    def counted_nonce(self, seq):
        if self.generation.nonce == "implicit":
            return struct.pack("<I", seq) + self.session_id + bytes(4)
        return struct.pack("<I", seq) + self.session_id[:8]

    def seal(self, kind, plaintext=b"", seq=None):
        """A whole frame. Without `seq` the counter is used and moved on; with it the counter stays untouched."""
        if seq is None:
            seq, self.tx_seq = self.tx_seq, self.tx_seq + 1
        generation = self.generation
        nonce = self.random_bytes(NONCE_SIZE) if generation.nonce == "random" else self.counted_nonce(seq)
        length = len(plaintext) + generation.overhead
        associated = MAGIC + struct.pack("<BBIH", generation.version, kind, seq, length)
        sealed = self._sealer.encrypt(nonce, plaintext, associated)
        carried = b"" if generation.nonce == "implicit" else nonce
        return build_frame(generation.version, kind, seq, carried + sealed)

    def open(self, frame):
        """The plaintext of the next frame of the peer."""
        if frame.seq != self.rx_seq:
            raise Violation(f"sequence {frame.seq} instead of {self.rx_seq}")
        plaintext = self.decrypt(frame)
        self.rx_seq += 1
        return plaintext

    def decrypt(self, frame):
        """The plaintext of any frame of the peer; the counter is neither asked nor moved."""
        generation = self.generation
        if len(frame.payload) < generation.overhead:
            raise Violation(f"an encrypted payload of {len(frame.payload)} bytes")
        if generation.nonce == "implicit":
            nonce, sealed = self.counted_nonce(frame.seq), frame.payload
        else:
            nonce, sealed = frame.payload[:NONCE_SIZE], frame.payload[NONCE_SIZE:]
            if generation.nonce == "counted" and nonce != self.counted_nonce(frame.seq):
                raise Violation(f"nonce {nonce.hex()} at sequence {frame.seq}")
        try:
            return self._opener.decrypt(nonce, sealed, frame.associated_data)
        except InvalidTag:
            raise Violation(f"the tag of frame type {frame.kind:02x}, sequence {frame.seq} does not verify") from None

    def seal_message(self, message):
        """The frames of one application message, the last of type DATA."""
        size = self.generation.max_plaintext
        if len(message) > self.generation.max_message:
            raise ValueError(f"{len(message)} bytes do not fit into a message of generation {self.generation.name}")
        chunks = [message[i : i + size] for i in range(0, len(message), size)] or [b""]
        return [self.seal(DATA_FRAG, chunk) for chunk in chunks[:-1]] + [self.seal(DATA, chunks[-1])]

    def _derive(self, initiator_tx, initiator_rx, salt):
        info = b"usmp-rekey" + self.session_id
        both = hkdf_sha256(initiator_tx + initiator_rx, salt, info, 64)
        return both[:32], both[32:]

    def start_rekey(self, salt=None):
        """The REKEY frame under the old keys; afterwards this end uses the new ones."""
        salt = os.urandom(32) if salt is None else salt
        frame = self.seal(REKEY, salt)
        self.begin_rekey(salt)
        return frame

    def begin_rekey(self, salt):
        """This end uses the keys of a REKEY frame that it has sent."""
        initiator_tx, responder_tx = self._derive(self.tx_key, self.rx_key, salt)
        self._install(initiator_tx, responder_tx)
        self.tx_seq = self.rx_seq = 0

    def accept_rekey(self, salt):
        initiator_tx, responder_tx = self._derive(self.rx_key, self.tx_key, salt)
        self._install(responder_tx, initiator_tx)
        self.tx_seq = self.rx_seq = 0
