"""A bad network path: devices talk to the relay's port, the relay talks to the gateway, from one port a device.

    with DatagramRelay(gate.port, seed=7, loss=0.1, duplicates=0.1, delay=0.03) as relay:
        device = gate.connect_datagram(ONE, port=relay.port)

Datagrams are lost, repeated and delayed (which also changes their order) at random, with a seed. `most_losses` bounds
how often the same datagram is lost, so that a test may demand that nothing is given up. `drop` decides about single
datagrams; `rebind` moves all devices to new addresses, as a NAT does that has forgotten them.
"""

import collections
import heapq
import itertools
import random
import select
import socket
import threading
import time

UP, DOWN = "up", "down"


class DatagramRelay:
    def __init__(self, gateway_port, *, seed=1, loss=0.0, duplicates=0.0, delay=0.0, most_losses=2):
        self.gateway = "127.0.0.1", gateway_port
        self.random = random.Random(seed)
        self.loss, self.duplicates, self.delay = loss, duplicates, delay
        self.most_losses = most_losses
        self.drop = lambda direction, raw: False  # true: this datagram is lost
        self.seen = []  # (direction, datagram) of all that came in
        self.lost = collections.Counter()
        self.repeated = 0
        self.front = self._socket()
        self.port = self.front.getsockname()[1]
        self.upstream = {}  # device's address -> socket towards the gateway
        self.waiting = []  # heap of (due, number, direction, datagram, device)
        self.numbers = itertools.count()
        self.lock = threading.Lock()
        self.running = True
        self.thread = threading.Thread(target=self._run, daemon=True)

    @staticmethod
    def _socket(source="127.0.0.1"):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((source, 0))
        return sock

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.running = False
        self.thread.join(5.0)
        for sock in [self.front, *self.upstream.values()]:
            sock.close()

    def rebind(self, source="127.0.0.1"):
        """From now on the gateway sees every device at a new address; what goes to the old one is lost."""
        with self.lock:
            for device, old in self.upstream.items():
                self.upstream[device] = self._socket(source)
                old.close()

    def perfect(self):
        """From now on nothing is lost, repeated or delayed."""
        self.loss = self.duplicates = self.delay = 0.0

    def losses(self):
        return sum(self.lost.values())

    # --- the thread -----------------------------------------------------------------------------------------------

    def _run(self):
        while self.running:
            with self.lock:
                devices = {sock: device for device, sock in self.upstream.items()}
                pause = min(0.02, max(0.0, self.waiting[0][0] - time.monotonic())) if self.waiting else 0.02
            try:
                ready = select.select([self.front, *devices], [], [], pause)[0]
            except (OSError, ValueError):
                continue  # rebind closed a socket
            with self.lock:
                for sock in ready:
                    self._take(sock, devices)
                self._send_due()

    def _take(self, sock, devices):
        try:
            raw, peer = sock.recvfrom(65536)
        except OSError:
            return
        if sock is self.front:
            if peer not in self.upstream:
                self.upstream[peer] = self._socket()
            self._forward(UP, raw, peer)
        else:
            self._forward(DOWN, raw, devices[sock])

    def _forward(self, direction, raw, device):
        self.seen.append((direction, raw))
        if self.drop(direction, raw):
            self.lost[direction, raw] += 1
            return
        if self.random.random() < self.loss and self.lost[direction, raw] < self.most_losses:
            self.lost[direction, raw] += 1
            return
        copies = 2 if self.random.random() < self.duplicates else 1
        self.repeated += copies - 1
        for _ in range(copies):
            due = time.monotonic() + self.random.random() * self.delay
            heapq.heappush(self.waiting, (due, next(self.numbers), direction, raw, device))

    def _send_due(self):
        now = time.monotonic()
        while self.waiting and self.waiting[0][0] <= now:
            _, _, direction, raw, device = heapq.heappop(self.waiting)
            if direction == UP:
                self.upstream[device].sendto(raw, self.gateway)
            else:
                self.front.sendto(raw, device)
