"""Over a path that loses, repeats and reorders datagrams, every message arrives once and in order, in both directions.

A device of each of C, D1, D2 and D3 talks through its own relay that loses and repeats a tenth of the datagrams each
way and changes their order (no datagram more than twice, or a device would rightly give up). Each device sends
messages, some of several frames, and hears their echoes, handshake and BYE included.
"""

import concurrent.futures

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.datagram_relay import DatagramRelay
from support.expect import expect, expect_equal, run
from support.fleet import fleet

NAMES = ("C", "D1", "D2", "D3", "D3")
ADMITTED = {"generations": ["2", "1-bound"]}
MESSAGES = 12


def message(number):
    return b"%d " % number + bytes(700 if number % 4 == 3 else 20)


def talk(gate, device_id, name, seed):
    with DatagramRelay(gate.port, seed=seed, loss=0.1, duplicates=0.1, delay=0.02) as relay:
        device = gate.connect_datagram(device_id, name, port=relay.port)
        echoes = []
        for number in range(MESSAGES):
            device.send(message(number))
            echoes.append(device.recv())
        device.ping()
        device.bye()
        return echoes, relay.losses() + relay.repeated, device.inbox


def main():
    devices = fleet(len(NAMES))
    wanted = [message(number) for number in range(MESSAGES)]
    with Backend(echo=True) as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP) as gate:
        with concurrent.futures.ThreadPoolExecutor(len(NAMES)) as pool:
            results = list(pool.map(talk, [gate] * len(NAMES), devices, NAMES, range(len(NAMES))))
        for device_id, name, (echoes, damage, surplus) in zip(devices, NAMES, results):
            expect(damage > 0, f"{name}: the path was bad")
            expect_equal(backend.settled_data(device_id), wanted, f"{name}: messages at the backend")
            expect_equal(echoes, wanted, f"{name}: echoes")
            expect_equal(surplus, [], f"{name}: echoes that came again")
        gate.wait_metric("gatehouse_sessions_closed_total", len(NAMES), listener="fleet", reason="bye")
        gate.wait_metric("gatehouse_undelivered_messages_total", 0, listener="fleet")
        gate.wait_metric("gatehouse_retransmitted_frames_total", lambda count: count > 0, listener="fleet")


run(main)
