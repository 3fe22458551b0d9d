"""A device of UPSS (0.0.1, 0.0.2) that uses nothing of the gateway's: RSA and Fernet from python3-cryptography, packages
byte for byte as the published clients write them.

`StockDevice` does what an application does with its library, with one `recv` a package as the library has it: what comes
in two pieces, or two packages that come together, it cannot read. `Wire` is the connection below it, for tests that send
what no client would.
"""

import base64
import json
import os
import socket
import time

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

TIMEOUT = 20.0
HANDSHAKE_CAP, REPLY_CAP = 1024, 1048576  # bytes that the library asks for at once
SENTENCE = "Recognition is the most powerful motivation factor."
OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), label=None)


def package(path, kind, data):
    return json.dumps({"meta": "upss v0.0.1", "path": path, "type": kind, "data": data}).encode()


def seal(key, text, now=None, iv=None):
    text = text if isinstance(text, bytes) else text.encode()
    now = int(time.time()) if now is None else now
    token = Fernet(key)._encrypt_from_parts(text, now, iv or os.urandom(16))
    return base64.b64encode(token).decode()


def unseal(key, field):
    return Fernet(key).decrypt(base64.b64decode(field)).decode()


def seal_key(public_pem, key):
    """The block of package 3."""
    return serialization.load_pem_public_key(public_pem.encode()).encrypt(key, OAEP)


def is_sealed(said):
    return said["type"] == "SEND" and set(said["data"]) == {"msg"}


class Wire:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.waiting = ""

    def send(self, data):
        self.socket.sendall(data)

    def send_slowly(self, data, pieces=8, pause=0.02):
        """In pieces that arrive each by itself."""
        size = -(-len(data) // pieces)
        for at in range(0, len(data), size):
            self.send(data[at : at + size])
            time.sleep(pause)

    def take(self, cap=REPLY_CAP):
        """A package as the library takes one: what a single `recv` gives must be one whole JSON text."""
        data = self.socket.recv(cap)
        if not data:
            raise ConnectionError("the gateway closed the connection")
        return json.loads(data)

    def is_closed(self):
        """Waits for the end of what the gateway sends; False when there is more to read."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def close(self):
        self.socket.close()


class StockDevice:
    def __init__(self, port, path="/", release="0.0.2", key=None):
        self.port, self.path, self.release = port, path, release
        self.key = key or Fernet.generate_key()
        self.wire = None
        self.public_pem = None
        self.said = []  # every package of this device, as it was sent

    def close(self):
        if self.wire:
            self.wire.close()

    # --- packages -------------------------------------------------------------------------------------------------

    def send(self, kind, data, path=None):
        self.said.append(package(path or self.path, kind, data))
        self.wire.send(self.said[-1])

    def begin(self):
        """Packages 1 and 2."""
        self.wire = Wire(self.port)
        self.send("SEND", {"msg": "hello"})
        told = self.wire.take(HANDSHAKE_CAP)
        if told["type"] != "SEND" or told["path"] != self.path:
            raise RuntimeError(f"no key of the server: {told}")
        self.public_pem = told["data"]["public_key"]
        return self

    def offer_key(self):
        """Packages 3 and 4; the opened sentence."""
        block = seal_key(self.public_pem, self.key)
        self.send("SEND", {"key": base64.b64encode(block).decode()})
        told = self.wire.take(HANDSHAKE_CAP)
        if not is_sealed(told):
            raise RuntimeError(f"no confirmation: {told}")
        return unseal(self.key, told["data"]["msg"])

    def call(self):
        """Packages 5, 6 and 7, of which the first two go out back to back."""
        self.send("STATUS", {"status": "OK"})
        self.send("STATUS", {"action": "call_handler"})
        told = self.wire.take(HANDSHAKE_CAP)
        if (told["type"], told["data"]) != ("STATUS", {"status": "OK"}):
            raise RuntimeError(f"the handler was not called: {told}")
        return self

    def connect(self):
        self.begin()
        if self.offer_key() != SENTENCE:
            raise RuntimeError("the server has another key")
        return self.call()

    # --- the application ------------------------------------------------------------------------------------------

    def message(self, text, **how):
        return {"msg": seal(self.key, text, **how)}

    def say(self, text, **how):
        self.send("STATUS" if self.release == "0.0.1" else "SEND", self.message(text, **how))

    def hear(self):
        """What the gateway answered: a text, or a dict that is the data of a STATUS."""
        told = self.wire.take()
        if told["type"] == "STATUS":
            return told["data"]
        return unseal(self.key, told["data"]["msg"])

    def talk(self, text, **how):
        self.say(text, **how)
        return self.hear()

    def is_closed(self):
        return self.wire.is_closed()
