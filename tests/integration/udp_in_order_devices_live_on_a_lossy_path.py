"""Devices of 0.4.7 and 0.5 keep their sessions on a path that loses a fifth of all datagrams each way.

They are as the Python client of those releases (support/stock_datagram_device.py): a repetition of a frame that they
have not opened yet ends their session, and they open none while a frame of their own is out. Each sends messages, some
of several frames, waits for the echo, and pings now and then; no frame is lost more often than a device sends one.
Repetitions of a frame for a device come no sooner than its own release repeats: 500 ms.
"""

import concurrent.futures
import itertools
import time

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.datagram_relay import DOWN, DatagramRelay
from support.expect import expect, expect_equal, run
from support.fleet import fleet
from support.stock_datagram_device import StockDatagramDevice
from support.usmp_wire import MAGIC

NAMES = ("C", "D1", "C", "D1", "D1", "C")
ADMITTED = {"generations": ["2", "1-bound"]}
MESSAGES = 25
SHORTEST_GAP = 0.45  # of 0.5 s, on a machine that does other things


def message(number):
    return b"%d " % number + bytes(1200 if number % 6 == 5 else 20)


class TimedRelay(DatagramRelay):
    """Remembers when the gateway sent what."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.frames = []

    def _forward(self, direction, raw, device):
        if direction == DOWN and raw[:2] == MAGIC and raw[3] >= 5:
            self.frames.append((raw, time.monotonic()))
        super()._forward(direction, raw, device)

    def shortest_gap(self):
        by_frame = sorted(self.frames)
        return min(
            (after[1] - before[1] for before, after in itertools.pairwise(by_frame) if before[0] == after[0]),
            default=None,
        )


def talk(gate, device_id, name, seed):
    with TimedRelay(gate.port, seed=seed, loss=0.2, delay=0.01) as relay:
        device = StockDatagramDevice(relay.port, device_id, gate.key(device_id), name)
        gate.opened.append(device)
        device.connect()
        echoes = []
        for number in range(MESSAGES):
            device.send(message(number))
            echoes.append(device.recv())
            if number % 5 == 4:
                device.ping()
        device.bye()
        return echoes, relay.losses(), relay.shortest_gap()


def main():
    devices = fleet(len(NAMES))
    wanted = [message(number) for number in range(MESSAGES)]
    with Backend(echo=True) as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP) as gate:
        with concurrent.futures.ThreadPoolExecutor(len(NAMES)) as pool:
            results = list(pool.map(talk, [gate] * len(NAMES), devices, NAMES, range(len(NAMES))))
        for device_id, name, (echoes, losses, gap) in zip(devices, NAMES, results):
            expect(losses > MESSAGES // 2, f"{name}: the path was bad")
            expect_equal(backend.settled_data(device_id), wanted, f"{name}: messages at the backend")
            expect_equal(echoes, wanted, f"{name}: echoes")
            expect(gap is not None and gap >= SHORTEST_GAP, f"{name}: a frame came again after {gap} s")
        gate.wait_metric("gatehouse_sessions_closed_total", len(NAMES), listener="fleet", reason="bye")


run(main)
