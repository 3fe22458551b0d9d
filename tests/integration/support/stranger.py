"""Somebody on the network who knows no key, at any address of the loopback network.

No raw sockets are needed for it: 127.0.0.0/8 is all ours, so a flood can come from thousands of addresses. And what an
attacker would send with a device's own address as its source is sent through that device: `device.send_raw(junk)`.
"""

import os
import select
import socket
import time

from . import usmp_wire as wire


class Stranger:
    def __init__(self, port, source="127.0.0.66", host="127.0.0.1"):
        self.peer = host, port
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((source, 0))
        self.sent = []
        self.received = []

    @property
    def local(self):
        host, port = self.socket.getsockname()
        return f"{host}:{port}"

    def send(self, raw):
        self.sent.append(raw)
        self.socket.sendto(raw, self.peer)

    def listen(self, during=0.0, until=lambda received: False):
        """What has come so far, and comes within this time or until the condition holds."""
        deadline = time.monotonic() + during
        while not until(self.received):
            left = max(0.0, deadline - time.monotonic())
            if not select.select([self.socket], [], [], left)[0]:
                break
            self.received.append(self.socket.recv(65536))
        return self.received

    def answers(self, raw, within=2.0, count=1):
        """Sends a datagram and returns what comes back: as soon as there are `count`, or when the time is over."""
        known = len(self.received)
        self.send(raw)
        return self.listen(within, lambda received: len(received) >= known + count)[known:]

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def any_hello(version=2, cookie=b""):
    """A well-formed HELLO of nobody; a gateway cannot know that before the proof."""
    return wire.build_frame(version, wire.HELLO, 0, os.urandom(6) + os.urandom(32) + cookie)


class Crowd:
    """So many strangers, each at an address of its own, who send HELLOs and never go on."""

    def __init__(self, port, addresses):
        self.strangers = [Stranger(port, f"127.7.{n // 250}.{n % 250 + 1}") for n in range(addresses)]

    def say_hello(self, count=1, version=2):
        """`count` HELLOs of each; now and then somebody waits for an answer, so that no socket overflows."""
        said = 0
        for _ in range(count):
            for stranger in self.strangers:
                said += 1
                if said % 64 == 0:
                    stranger.listen()
                    stranger.answers(any_hello(version), 0.05)
                else:
                    stranger.send(any_hello(version))

    def received(self):
        return [raw for stranger in self.strangers for raw in stranger.listen()]

    def sent(self):
        return [raw for stranger in self.strangers for raw in stranger.sent]

    def close(self):
        for stranger in self.strangers:
            stranger.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
