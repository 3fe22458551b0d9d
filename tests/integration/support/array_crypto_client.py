"""A client of Array-Crypto (v1, v2) that uses nothing of the gateway's: cryptography from hashlib, hmac and
python3-cryptography, and requests on the wire byte for byte as the published clients' aiohttp sends them.

`StockClient` does what an application does with its library: authenticate, encrypt (which fetches a snapshot of its
own), post the bytes, decrypt what comes back (which fetches another). `Connection` is one HTTP connection, for tests
that send what no client would.
"""

import base64
import hashlib
import hmac
import json
import os
import random
import socket
import struct
import time

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20

TIMEOUT = 20.0
MAX_DRIFT = 60
HASH_SIZE = {"v1": 16, "v2": 32}


def blake2b(data, size=32, key=b""):
    return hashlib.blake2b(data, digest_size=size, key=key).digest()


def v1_key(seed, salt):
    distance = [i if i <= 32 else 64 - i for i in range(64)]
    return bytes(((i ^ ((seed + distance[i]) % 256) ^ salt[i % 16]) | 1) for i in range(64))


def chacha20(key, start, size):
    return Cipher(ChaCha20(key, start), mode=None).encryptor().update(bytes(size))


def v2_key(seed, tick, salt, size=256):
    entropy = blake2b(struct.pack("<QQ", seed, tick) + salt)
    stream = chacha20(entropy, blake2b(salt, 16), size)
    running = hmac.new(blake2b(entropy), digestmod=hashlib.blake2b)
    key = bytearray()
    for i in range(size):
        cell = stream[max(j for j in range(i % 256, size, 256))]
        running.update(bytes([cell, salt[i % len(salt)]]) + struct.pack("<I", i))
        key.append(2 * (struct.unpack("<I", running.digest()[:4])[0] % 127) + 1)
    return bytes(key)


def multiply(text, key):
    return bytes(byte * key[i % len(key)] % 256 for i, byte in enumerate(text))


def invert(key):
    return bytes(pow(byte, -1, 256) for byte in key)


def v1_hash(data):
    return hashlib.blake2s(data, digest_size=16).digest()


def v2_hash(data, size=32):
    total, before = bytes(size), b""
    for word in (b"round1", b"round2", b"round3"):
        before = blake2b(before + data, size, word)
        total = bytes(a ^ b for a, b in zip(total, before))
    return total


def seal(profile, seed, tick, text, salt=None, now=None):
    if profile == "v1":
        salt = salt or struct.pack("<Q", int(time.time() if now is None else now)) + os.urandom(8)
        body = salt + multiply(text, v1_key(seed, salt))
        return v1_hash(body) + body
    salt = salt or blake2b(struct.pack("<Q", int(time.time() * 1000)) + os.urandom(48))
    body = salt + multiply(text, v2_key(seed, tick, salt))
    return v2_hash(body + struct.pack("<Q", tick)) + body


def unseal(profile, seed, tick, message):
    size = HASH_SIZE[profile]
    if len(message) < 2 * size:
        raise ValueError("too short")
    found, salt, text = message[:size], message[size : 2 * size], message[2 * size :]
    body = message[size:] if profile == "v1" else message[size:] + struct.pack("<Q", tick)
    if (v1_hash if profile == "v1" else v2_hash)(body) != found:
        raise ValueError("hash mismatch")
    key = v1_key(seed, salt) if profile == "v1" else v2_key(seed, tick, salt)
    return multiply(text, invert(key))


def handshake_hash(profile, points=8):
    limit = 1.0 if profile == "v1" else 1e6
    numbers = [random.uniform(0 if i % 4 == 3 else -limit, limit) for i in range(4 * points)]
    text = "".join(number.hex() for number in numbers).encode()
    made = hashlib.blake2s(text, digest_size=16) if profile == "v1" else hashlib.blake2b(text, digest_size=32)
    return made.hexdigest()


class Answer:
    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.fields} {self.body[:200]!r}>"


class Connection:
    """One connection; answers are read strictly."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.waiting = b""

    def send(self, data):
        self.socket.sendall(data)

    def _more(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError(f"the gateway closed the connection; unread: {self.waiting!r}")
        self.waiting += data

    def answer(self, to_head=False):
        while b"\r\n\r\n" not in self.waiting:
            self._more()
        head, self.waiting = self.waiting.split(b"\r\n\r\n", 1)
        lines = head.decode("ascii").split("\r\n")
        version, status, _ = lines[0].split(" ", 2)
        if version != "HTTP/1.1":
            raise AssertionError(f"not HTTP/1.1: {lines[0]!r}")
        fields = {}
        for line in lines[1:]:
            name, value = line.split(": ", 1)
            if name.lower() in fields:
                raise AssertionError(f"twice: {line!r}")
            fields[name.lower()] = value
        size = 0 if to_head or int(status) in (100, 204) else int(fields["content-length"])
        while len(self.waiting) < size:
            self._more()
        body, self.waiting = self.waiting[:size], self.waiting[size:]
        return Answer(int(status), fields, body)

    def ask(self, data):
        self.send(data)
        return self.answer()

    def is_closed(self, timeout=TIMEOUT):
        """Waits for the end of what the gateway sends."""
        self.socket.settimeout(timeout)
        try:
            while self.socket.recv(65536):
                pass
            return True
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False

    def close(self):
        self.socket.close()


class StockClient:
    """`url` is what stands behind the host in the client's server_url."""

    def __init__(self, port, profile, secret, url="", user=None, password=None):
        self.port, self.profile, self.secret, self.url = port, profile, secret, url
        self.basic = base64.b64encode(f"{user}:{password}".encode()).decode() if user else None
        self.connection = None
        self.connections = 0  # made so far

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    # --- on the wire ----------------------------------------------------------------------------------------------

    def request(self, method, path, body=None, content_type=None):
        """As aiohttp 3.8 writes it."""
        head = f"{method} {self.url}{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
        if self.basic:
            head += f"Authorization: Basic {self.basic}\r\n"
        head += "Accept: */*\r\nAccept-Encoding: gzip, deflate\r\nUser-Agent: Python/3.11 aiohttp/3.8.4\r\n"
        if body is not None:
            head += f"Content-Length: {len(body)}\r\nContent-Type: {content_type}\r\n"
        return head.encode() + b"\r\n" + (body or b"")

    def begin(self, data):
        """One connection is kept and used again; one that the gateway has closed is made anew."""
        if self.connection and self._is_gone():
            self.close()
        if not self.connection:
            self.connection = Connection(self.port)
            self.connections += 1
        self.connection.send(data)

    def _is_gone(self):
        self.connection.socket.setblocking(False)
        try:
            return self.connection.socket.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self.connection.socket.settimeout(TIMEOUT)

    def finish(self):
        answer = self.connection.answer()
        if answer.fields.get("connection") == "close":
            self.close()
        return answer

    def exchange(self, data):
        self.begin(data)
        return self.finish()

    # --- the library ----------------------------------------------------------------------------------------------

    def authenticate(self):
        body = json.dumps({"hash": handshake_hash(self.profile)}).encode()
        answer = self.exchange(self.request("POST", "/handshake", body, "application/json"))
        if answer.status != 200 or answer.fields["content-type"] != "application/json":
            raise RuntimeError(f"handshake failed: {answer}")
        if answer.json().get("status") != "ok":
            raise RuntimeError("authentication rejected")

    def snapshot(self):
        answer = self.exchange(self.request("GET", "/snapshot"))
        if answer.status != 200 or answer.fields["content-type"] != "application/json":
            raise RuntimeError(f"no snapshot: {answer}")
        told = answer.json()
        if abs(int(time.time()) - told["timestamp"]) > MAX_DRIFT:
            raise RuntimeError("timestamp drift")
        text = f"{told['tick']}|{told['seed']}|{told['timestamp']}".encode()
        if base64.b64encode(hmac.new(self.secret, text, hashlib.sha256).digest()).decode() != told["signature"]:
            raise RuntimeError("invalid signature")
        return told["seed"], told["tick"]

    def encrypt(self, text):
        return seal(self.profile, *self.snapshot(), text)

    def decrypt(self, message):
        if len(message) < 2 * HASH_SIZE[self.profile]:
            raise ValueError("too short")
        return unseal(self.profile, *self.snapshot(), message)

    # --- the application ------------------------------------------------------------------------------------------

    def message(self, sealed):
        return self.request("POST", "/message", sealed, "application/octet-stream")

    def post(self, sealed):
        return self.exchange(self.message(sealed))

    def talk(self, text):
        """Sends a text and returns what the backend answered; None: nothing."""
        answer = self.post(self.encrypt(text))
        if answer.status == 204:
            return None
        if answer.status != 200:
            raise RuntimeError(f"refused: {answer}")
        return self.decrypt(answer.body)
