"""A USMP device over UDP (C, D1, D2, D3), as strict as the real ones, with every step open to hostile tests.

Honest use: `DatagramDevice(port, "02:00:00:00:00:01", psk, "D3").connect()`, then send, recv, ping, rekey, bye.
Like a real device it has no thread: it reads its socket only inside these calls.

Hostile use: call the handshake's steps one by one; `send_raw` sends any datagram, `is_acknowledged` sends one once and
tells whether a UTACK came for it; `channel.seal(kind, plaintext, seq=...)` makes frames that the device's own
counters would not make; `acknowledges` decides which frames arrive.
"""

import collections
import os
import select
import socket
import struct
import time

from . import usmp_wire as wire
from .datagram_rules import AdaptiveClock, FixedClock, ReplayWindow, StrictOrder
from .usmp_device import Bye, TimedOut, device_id_bytes
from .usmp_wire import GENERATIONS, Violation

TRANSMISSIONS = 5

Datagram = collections.namedtuple("Datagram", "raw socket")


class Undelivered(Exception):
    """The gateway acknowledged none of the transmissions of a frame."""


class DatagramDevice:
    """`acks` says when a frame is acknowledged: "arrival", like most releases, before it is opened; "asked", like the
    ESP32, only inside recv, and of what comes while a frame of its own is out it keeps one datagram; "proven", like
    the POSIX port, after it was opened, and duplicates never."""

    def __init__(
        self,
        port,
        device_id,
        psk,
        generation="D3",
        *,
        host="127.0.0.1",
        source=None,
        cipher="aes-256-gcm",
        clock=None,
        acks="arrival",
        transmissions=TRANSMISSIONS,
        private=None,
        random_bytes=os.urandom,
        timeout=10.0,
        sock=None,
    ):
        self.device_id = device_id
        self.psk = psk
        self.generation = GENERATIONS[generation]
        self.host, self.port = host, port
        self.source = source
        self.cipher = cipher
        self.clock = clock or (AdaptiveClock() if self.generation.rekey else FixedClock())
        self.acks = acks
        self.transmissions = transmissions
        self.private = private or wire.new_private()
        self.public = wire.public_bytes(self.private)
        self.random_bytes = random_bytes
        self.timeout = timeout
        self.socket = sock
        self.sockets = [sock] if sock else []
        self.acknowledges = lambda kind: True  # a frame of another kind is as good as lost on its way
        self.judges = True  # false: drops what is no frame of its generation without a word, like a real device
        self.sent = []  # every datagram, as Datagram
        self.received = []
        self.strangers = []  # what did not come from the address that this device talks to
        self.acked = collections.Counter()  # UTACKs that count, by (type, sequence, socket)
        self.acked_before = collections.Counter()  # the same, proven with the keys before the last REKEY
        self.void_acks = []  # UTACKs that do not count
        self.steps = {}  # handshake frames of the gateway by type
        self.inbox = []
        self.partial = []
        self.kept = []
        self.sending = False
        self.owed_pongs = 0
        self.pongs = 0
        self.server_rekeys = 0
        self.refused = []  # session frames that were dropped: repeated, out of order or not readable
        self.said_bye = False
        self.channel = None
        self.order = None
        self.old_tx_key = None
        self.session_id = None

    # --- datagrams ------------------------------------------------------------------------------------------------

    def open(self):
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.bind((self.source or ("::1" if family == socket.AF_INET6 else "127.0.0.1"), 0))
        self.sockets.append(self.socket)
        return self

    def rebind(self, source=None, *, keep=False):
        """Goes on from a new port, as behind a NAT that has forgotten; returns the old socket, open with `keep`."""
        old = self.socket
        self.source = source or self.source
        if not keep:
            self.sockets.remove(old)
            old.close()
        self.open()
        return old

    @property
    def local(self):
        """IP:PORT as the gateway sees this device."""
        host, port = self.socket.getsockname()[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def close(self):
        """What a device does that loses power: no BYE."""
        for sock in self.sockets:
            sock.close()
        self.sockets = []
        self.socket = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send_raw(self, raw, from_socket=None):
        sock = from_socket or self.socket
        self.sent.append(Datagram(raw, sock))
        sock.sendto(raw, (self.host, self.port))

    def pump(self, until=lambda: False, timeout=0.0):
        """Takes what comes until the condition holds; false when it did not in time. Once a call, reads what is
        there."""
        deadline = time.monotonic() + timeout
        while not until():
            ready = select.select(self.sockets, [], [], max(0.0, deadline - time.monotonic()))[0]
            if not ready:
                return False
            for sock in ready:
                raw, peer = sock.recvfrom(65536)
                if peer[:2] == (self.host, self.port):
                    self._on_datagram(Datagram(raw, sock))
                else:
                    self.strangers.append((raw, peer))
        return True

    def _on_datagram(self, datagram):
        self.received.append(datagram)
        if datagram.raw[:2] == wire.ACK_MAGIC:
            self._on_ack(datagram)
            return
        try:
            frame = wire.parse_frame(datagram.raw, self.generation.version)
        except Violation:
            if self.judges:
                raise
            return
        if not self.acknowledges(frame.kind):
            return
        if self.sending and self.acks == "asked":
            self.kept = self.kept or [(frame, datagram.socket)]
            return
        self._on_frame(frame, datagram.socket)

    def received_frames(self, kind):
        """The datagrams of this type received so far."""
        return [d.raw for d in self.received if d.raw[:2] == wire.MAGIC and d.raw[3] == kind]

    # --- acknowledgements -----------------------------------------------------------------------------------------

    def _on_ack(self, datagram):
        what = wire.parse_ack(datagram.raw)
        if what is None:
            raise Violation(f"a UTACK of {len(datagram.raw)} bytes")
        kind, seq = what
        if self._counts(datagram.raw, kind, seq, self.channel and self.channel.tx_key):
            self.acked[kind, seq, datagram.socket] += 1
        elif self.old_tx_key and self._counts(datagram.raw, kind, seq, self.old_tx_key):
            self.acked_before[kind, seq, datagram.socket] += 1
        else:
            self.void_acks.append(datagram.raw)

    def _counts(self, raw, kind, seq, key):
        if kind < wire.DATA or kind == wire.HELLO_RETRY or self.generation.name == "C":
            return len(raw) == wire.ACK_SIZE
        if not self.generation.proves_acks:
            return True  # 0.5 ignores what stands behind the first 7 bytes
        return key is not None and raw == wire.build_ack(kind, seq, key)

    def ack_for(self, frame):
        """The UTACK of a frame of the gateway."""
        proven = self.generation.proves_acks and frame.kind >= wire.DATA and frame.kind != wire.HELLO_RETRY
        return wire.build_ack(frame.kind, frame.seq, self.channel.rx_key if proven else None)

    def deliver(self, raw):
        """Sends a frame until it is acknowledged."""
        kind, seq = raw[3], struct.unpack_from("<I", raw, 4)[0]
        self._forget_acks(kind, seq)

        def is_over():
            return self._acks_of(self.acked, kind, seq) > 0 or self.said_bye

        self.sending = True
        try:
            for transmission in range(self.transmissions):
                self.send_raw(raw)
                begun = time.monotonic()
                if self.pump(is_over, self.clock.timeout(transmission)):
                    if self.said_bye and not self._acks_of(self.acked, kind, seq):
                        raise Bye("the gateway said BYE")
                    if transmission == 0:
                        self.clock.sample(time.monotonic() - begun)
                    return
        finally:
            self.sending = False
        raise Undelivered(f"{self.device_id}: type {kind:02x}, sequence {seq}: no UTACK for {self.transmissions}")

    def is_acknowledged(self, raw, within=5.0, from_socket=None, *, old_key=False):
        """Sends a datagram once and tells whether its UTACK comes to where it was sent from."""
        kind, seq = raw[3], struct.unpack_from("<I", raw, 4)[0]
        counter = self.acked_before if old_key else self.acked
        what = kind, seq, from_socket or self.socket
        before = counter[what]
        self.send_raw(raw, from_socket)
        return self.pump(lambda: counter[what] > before, within)

    @staticmethod
    def _acks_of(counter, kind, seq):
        return sum(count for (k, s, _), count in counter.items() if (k, s) == (kind, seq))

    def acks_of(self, kind, seq):
        return self._acks_of(self.acked, kind, seq)

    def _forget_acks(self, kind, seq):
        for what in [what for what in self.acked if what[:2] == (kind, seq)]:
            del self.acked[what]

    # --- handshake, step by step ----------------------------------------------------------------------------------

    def hello_frame(self, cookie=b""):
        payload = device_id_bytes(self.device_id) + self.public + cookie
        seq = 1 if cookie and self.generation.hello_ack_seq else 0
        return wire.build_frame(self.generation.version, wire.HELLO, seq, payload)

    def send_hello(self, cookie=b""):
        self.deliver(self.hello_frame(cookie))

    def wait_step(self, *kinds):
        """The first handshake frame of one of these types, when it is there."""
        if not self.pump(lambda: any(kind in self.steps for kind in kinds), self.timeout):
            raise TimedOut(f"{self.device_id}: no frame of type {' or '.join(f'{kind:02x}' for kind in kinds)}")
        return next(self.steps[kind] for kind in kinds if kind in self.steps)

    def _payload_of_step(self, kind, length):
        payload = self.wait_step(kind).payload
        if len(payload) != length:
            raise Violation(f"type {kind:02x} of {len(payload)} bytes instead of {length}")
        return payload

    def read_cookie(self):
        return self._payload_of_step(wire.HELLO_RETRY, 16)

    def read_challenge(self):
        payload = self._payload_of_step(wire.CHALLENGE, 64)
        self.nonce, self.server_public = payload[:32], payload[32:]
        shared = wire.exchange(self.private, self.server_public)
        self.keys = wire.session_keys(self.generation, shared, self.nonce, self.public, self.server_public)

    def hello_ack_frame(self):
        transcript = wire.client_transcript(
            self.generation, self.nonce, device_id_bytes(self.device_id), self.public, self.server_public
        )
        proof = wire.mac(self.psk, transcript)
        return wire.build_frame(self.generation.version, wire.HELLO_ACK, self.generation.hello_ack_seq, proof)

    def send_hello_ack(self):
        self.deliver(self.hello_ack_frame())

    def read_session_ok(self):
        payload = self._payload_of_step(wire.SESSION_OK, 48)
        session_id, proof = payload[:16], payload[16:]
        transcript = wire.server_transcript(self.generation, self.nonce, session_id, self.public, self.server_public)
        if proof != wire.mac(self.psk, transcript):
            raise Violation("the gateway's HMAC in SESSION_OK does not verify")
        self.session_id = session_id
        self.channel = wire.Channel(self.generation, session_id, *self.keys, self.cipher, self.random_bytes)
        self.order = ReplayWindow() if self.generation.proves_acks else StrictOrder()

    @property
    def asked_for_cookie(self):
        return wire.HELLO_RETRY in self.steps

    def handshake(self):
        self.send_hello()
        self.wait_step(wire.CHALLENGE, wire.HELLO_RETRY)
        if wire.CHALLENGE not in self.steps:
            self.send_hello(self.read_cookie())
        self.read_challenge()
        self.send_hello_ack()
        self.read_session_ok()
        return self

    def connect(self):
        self.open()
        return self.handshake()

    def is_refused(self):
        """True if the handshake gets no answer at some step, False if the device got in."""
        try:
            self.connect()
        except (Undelivered, TimedOut):
            return True
        return False

    def successor(self, **options):
        """The same device after a restart: nothing known but its key, on the same socket and so the same address."""
        return DatagramDevice(
            self.port, self.device_id, self.psk, self.generation.name, host=self.host, sock=self.socket, **options
        )

    # --- session --------------------------------------------------------------------------------------------------

    def send(self, message):
        """Returns when every frame of the message is acknowledged."""
        for frame in self.channel.seal_message(message):
            self.deliver(frame)

    def send_ping(self):
        self.deliver(self.channel.seal(wire.PING))

    def bye(self):
        self.deliver(self.channel.seal(wire.BYE))
        self.close()

    def rekey(self, salt=None):
        salt = os.urandom(32) if salt is None else salt
        self.deliver(self.channel.seal(wire.REKEY, salt))
        self.begin_rekey(salt)

    def begin_rekey(self, salt):
        """Uses the keys of a REKEY frame that was sent."""
        self.old_tx_key = self.channel.tx_key
        self.channel.begin_rekey(salt)
        self._new_keys()

    def _new_keys(self):
        self.order = ReplayWindow()
        self.partial = []
        self.acked.clear()
        self.acked_before.clear()

    def recv(self, timeout=None):
        """The next application message. PING is answered, PONG counted, REKEY followed, BYE raises."""
        self._wait(lambda: self.inbox, timeout, "message")
        return self.inbox.pop(0)

    def ping(self, timeout=None):
        """Sends PING and waits for the PONG; messages that come first are kept for recv."""
        before = self.pongs
        self.send_ping()
        self._wait(lambda: self.pongs > before, timeout, "PONG")

    def expect_bye(self, timeout=None):
        """Reads until BYE; returns the messages that came before it."""
        messages = []
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        try:
            while True:
                messages.append(self.recv(max(0.0, deadline - time.monotonic())))
        except Bye:
            return messages
        except TimedOut:
            raise AssertionError(f"{self.device_id} got no BYE in time") from None

    def _wait(self, condition, timeout, what):
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            kept, self.kept = self.kept, []
            for frame, sock in kept:
                self._on_frame(frame, sock)
            while self.owed_pongs and not self.said_bye:
                self.owed_pongs -= 1
                self.deliver(self.channel.seal(wire.PONG))
            if condition():
                return
            if self.said_bye:
                raise Bye("the gateway said BYE")
            left = max(0.0, deadline - time.monotonic())
            if not self.pump(lambda: condition() or self.owed_pongs or self.said_bye, left):
                raise TimedOut(f"{self.device_id}: no {what} in time")

    # --- frames of the gateway ------------------------------------------------------------------------------------

    def _on_frame(self, frame, sock):
        if frame.kind in (wire.CHALLENGE, wire.SESSION_OK, wire.HELLO_RETRY):
            if frame.kind == wire.HELLO_RETRY and not self.generation.proves_acks:
                raise Violation("HELLO_RETRY for a generation that does not know it")
            self.send_raw(self.ack_for(frame), sock)
            self.steps.setdefault(frame.kind, frame)
        elif self.channel is None:
            self.refused.append(frame)
        elif self.acks == "proven":
            if self._accept(frame):
                self.send_raw(wire.build_ack(frame.kind, frame.seq, self._key_of_accepted), sock)
        else:
            self.send_raw(self.ack_for(frame), sock)
            self._accept(frame)

    def _accept(self, frame):
        """Opens a session frame and does what it says; false when it is dropped."""
        self._key_of_accepted = self.channel.rx_key if self.generation.proves_acks else None
        if not self.order.admits(frame.seq):
            self.refused.append(frame)
            return False
        try:
            plaintext = self.channel.decrypt(frame)
        except Violation:
            self.refused.append(frame)
            return False
        self.order.mark(frame.seq)
        self._obey(frame.kind, plaintext)
        return True

    def _obey(self, kind, plaintext):
        if kind == wire.DATA_FRAG:
            self.partial.append(plaintext)
            if len(self.partial) >= wire.MAX_FRAGMENTS:
                raise Violation("more than four frames in one message")
        elif kind == wire.DATA:
            self.inbox.append(b"".join(self.partial) + plaintext)
            self.partial = []
        elif kind == wire.REKEY and self.generation.rekey:
            if len(plaintext) != 32:
                raise Violation(f"REKEY with {len(plaintext)} bytes")
            self.old_tx_key = self.channel.tx_key
            self.channel.accept_rekey(plaintext)
            self.server_rekeys += 1
            self._new_keys()
        elif kind not in wire.CONTROL or plaintext:
            raise Violation(f"type {kind:02x} with {len(plaintext)} bytes of plaintext")
        else:
            self._on_control(kind)

    def _on_control(self, kind):
        self.partial = []
        if kind == wire.BYE:
            self.said_bye = True
        elif kind == wire.PONG:
            self.pongs += 1
        else:
            self.owed_pongs += 1
