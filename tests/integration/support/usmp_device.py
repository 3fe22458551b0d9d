"""A USMP device over TCP, of any generation, as strict as the real ones, with every step open to hostile tests.

Honest use: `Device(port, "02:00:00:00:00:01", psk, "D3").connect()`, then send, recv, ping, rekey, bye.
Hostile use: call the handshake's steps one by one, or not at all; `send_raw` puts any bytes on the wire and
`channel.seal(kind, plaintext, seq=...)` makes frames that the device's own counters would not make.
"""

import os
import select
import socket
import time

from . import usmp_wire as wire
from .usmp_wire import GENERATIONS, Violation

CONTROL_FRAMES_AT_ONCE = 8


class Closed(Exception):
    """The gateway closed the connection without a word."""


class Bye(Closed):
    """The gateway said BYE."""


class TimedOut(Exception):
    """Nothing, or not enough, came in time."""


def device_id_bytes(text):
    return bytes.fromhex(text.replace(":", ""))


class Device:
    def __init__(
        self,
        port,
        device_id,
        psk,
        generation="D3",
        *,
        cipher="aes-256-gcm",
        label=None,
        source=None,
        receive_buffer=None,
        private=None,
        random_bytes=os.urandom,
        timeout=10.0,
        sock=None,
    ):
        self.port = port
        self.device_id = device_id
        self.psk = psk
        self.generation = GENERATIONS[generation]
        self.cipher = cipher
        self.label = label
        self.source = source
        self.receive_buffer = receive_buffer
        self.private = private or wire.new_private()
        self.public = wire.public_bytes(self.private)
        self.random_bytes = random_bytes
        self.timeout = timeout
        self.socket = sock
        self.received = bytearray()  # every byte the gateway sent, for comparisons
        self.pending = bytearray()  # received but not yet a whole frame
        self.inbox = []
        self.partial = []
        self.control_frames = 0
        self.server_rekeys = 0
        self.pongs = 0
        self.channel = None
        self.session_id = None

    # --- connection -----------------------------------------------------------------------------------------------

    def open(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if self.receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
        if self.source:
            self.socket.bind((self.source, 0))
        self.socket.settimeout(self.timeout)
        try:
            self.socket.connect(("127.0.0.1", self.port))
        except OSError as error:
            self.close()
            raise Closed(f"connect: {error}") from error
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self

    @property
    def local(self):
        """IP:PORT as the gateway sees this device."""
        host, port = self.socket.getsockname()[:2]
        return f"{host}:{port}"

    def close(self):
        """What a device does that loses power: no BYE."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send_raw(self, data):
        try:
            self.socket.sendall(data)
        except socket.timeout:
            raise TimedOut("the gateway does not read") from None
        except OSError as error:
            raise Closed(f"send: {error}") from error

    def _receive_some(self, deadline):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([self.socket], [], [], left)[0]:
            raise TimedOut("nothing came from the gateway in time")
        try:
            data = self.socket.recv(65536)
        except OSError as error:
            raise Closed(f"receive: {error}") from error
        if not data:
            raise Closed("the gateway closed the connection")
        self.received += data
        self.pending += data

    def read_frame(self, timeout=None):
        """The next frame, judged; its plaintext is not opened here."""
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            if len(self.pending) >= wire.HEADER_SIZE:
                size = wire.HEADER_SIZE + wire.payload_length(self.pending)
                if size > wire.HEADER_SIZE + wire.MAX_PAYLOAD:
                    raise Violation(f"a frame of {size} bytes")
                if len(self.pending) >= size:
                    raw = bytes(self.pending[:size])
                    del self.pending[:size]
                    return wire.parse_frame(raw, self.generation.version)
            self._receive_some(deadline)

    def expect_closed(self, timeout=None):
        """Reads until the gateway closes; returns the frames that came before. Fails if it stays open."""
        frames = []
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        try:
            while True:
                frames.append(self.read_frame(max(0.0, deadline - time.monotonic())))
        except TimedOut:
            raise AssertionError(f"the gateway did not close the connection of {self.device_id}") from None
        except Closed:
            return frames
        finally:
            self.close()

    # --- handshake, step by step ----------------------------------------------------------------------------------

    def hello_frame(self):
        payload = device_id_bytes(self.device_id) + self.public
        return wire.build_frame(self.generation.version, wire.HELLO, 0, payload)

    def send_hello(self):
        self.send_raw(self.hello_frame())

    def _read_step(self, kind, length):
        frame = self.read_frame()
        if frame.kind != kind or len(frame.payload) != length:
            raise Violation(f"type {frame.kind:02x} of {len(frame.payload)} bytes instead of {kind:02x} of {length}")
        return frame.payload

    def read_challenge(self):
        payload = self._read_step(wire.CHALLENGE, 64)
        self.nonce, self.server_public = payload[:32], payload[32:]
        shared = wire.exchange(self.private, self.server_public)
        self.keys = wire.session_keys(
            self.generation, shared, self.nonce, self.public, self.server_public, self.label
        )

    def hello_ack_frame(self, crc=None):
        transcript = wire.client_transcript(
            self.generation, self.nonce, device_id_bytes(self.device_id), self.public, self.server_public
        )
        return wire.build_frame(
            self.generation.version,
            wire.HELLO_ACK,
            self.generation.hello_ack_seq,
            wire.mac(self.psk, transcript),
            crc=crc,
        )

    def send_hello_ack(self):
        self.send_raw(self.hello_ack_frame())

    def read_session_ok(self):
        size = self.generation.session_id_size
        payload = self._read_step(wire.SESSION_OK, size + 32)
        session_id, proof = payload[:size], payload[size:]
        transcript = wire.server_transcript(
            self.generation, self.nonce, session_id, self.public, self.server_public
        )
        if proof != wire.mac(self.psk, transcript):
            raise Violation("the gateway's HMAC in SESSION_OK does not verify")
        self.session_id = session_id
        to_server, to_client = self.keys
        self.channel = wire.Channel(
            self.generation, session_id, to_server, to_client, self.cipher, self.random_bytes
        )

    def handshake(self):
        try:
            self.send_hello()
            self.read_challenge()
            self.send_hello_ack()
            self.read_session_ok()
        except (Violation, Closed, TimedOut):
            self.close()
            raise
        return self

    def connect(self):
        self.open()
        return self.handshake()

    def is_refused(self):
        """True if the gateway closes instead of finishing the handshake, False if the device got in."""
        try:
            self.connect()
        except Closed:
            return True
        return False

    # --- session --------------------------------------------------------------------------------------------------

    def send(self, message):
        for frame in self.channel.seal_message(message):
            self.send_raw(frame)

    def send_ping(self):
        self.send_raw(self.channel.seal(wire.PING))

    def bye(self):
        self.send_raw(self.channel.seal(wire.BYE))
        self.close()

    def rekey(self, salt=None):
        self.send_raw(self.channel.start_rekey(salt))

    def recv(self, timeout=None):
        """The next application message. PING is answered, PONG counted, REKEY followed, BYE raises."""
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while not self.inbox:
            self._take_frame(max(0.0, deadline - time.monotonic()))
        return self.inbox.pop(0)

    def ping(self, timeout=None):
        """Sends PING and waits for the PONG; messages that come first are kept for recv."""
        before = self.pongs
        self.send_ping()
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while self.pongs == before:
            self._take_frame(max(0.0, deadline - time.monotonic()))

    def expect_bye(self, timeout=None):
        """Reads until BYE; returns the messages that came before it. A close without BYE fails."""
        messages = []
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        try:
            while True:
                messages.append(self.recv(max(0.0, deadline - time.monotonic())))
        except Bye:
            return messages
        except Closed as error:
            raise AssertionError(f"{self.device_id} was closed without BYE: {error}") from None
        except TimedOut:
            raise AssertionError(f"{self.device_id} got no BYE in time") from None

    def _take_frame(self, timeout):
        frame = self.read_frame(timeout)
        try:
            self._on_frame(frame)
        except Violation:
            self.close()
            raise

    def _on_frame(self, frame):
        plaintext = self.channel.open(frame)
        if frame.kind in (wire.DATA, wire.DATA_FRAG):
            self.control_frames = 0
            self._on_data(frame.kind, plaintext)
            return
        if self.partial:
            raise Violation(f"type {frame.kind:02x} between the fragments of a message")
        if frame.kind == wire.REKEY and self.generation.rekey:
            if len(plaintext) != 32:
                raise Violation(f"REKEY with {len(plaintext)} bytes")
            self.channel.accept_rekey(plaintext)
            self.server_rekeys += 1
            return
        if frame.kind not in wire.CONTROL or plaintext:
            raise Violation(f"type {frame.kind:02x} with {len(plaintext)} bytes of plaintext")
        self._on_control(frame.kind)

    def _on_data(self, kind, plaintext):
        if kind == wire.DATA_FRAG and not self.generation.fragments:
            raise Violation("a fragment for a generation without fragments")
        self.partial.append(plaintext)
        if kind == wire.DATA_FRAG:
            if len(self.partial) >= wire.MAX_FRAGMENTS:
                raise Violation("more than four frames in one message")
            return
        self.inbox.append(b"".join(self.partial))
        self.partial = []

    def _on_control(self, kind):
        if kind == wire.BYE:
            self.close()
            raise Bye("the gateway said BYE")
        if kind == wire.PONG:
            self.pongs += 1
            return
        self.control_frames += 1
        if self.control_frames > CONTROL_FRAMES_AT_ONCE:
            raise Violation("a flood of control frames")
        self.send_raw(self.channel.seal(wire.PONG))
