"""Packets that prove nothing get a bounded part of a worker's time for key agreements, shared by where they come from:
beside a flood of them the requests of devices elsewhere are served, each within a few tries.

What is over the budget is dropped and counted as `limited`.
"""

import multiprocessing
import os
import socket
import time

from support.backend import Backend
from support.expect import expect_equal, run
from support.pssst_client import random_packet
from support.pssst_gate import PssstGate

DEVICES = 10
TRIES, PATIENCE = 20, 0.5
FLOODER = "127.0.5.1"


def at(address, port):
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((address, 0))
    made.connect(("127.0.0.1", port))
    return made


def flood(address, port):
    junk = [random_packet(160) for _ in range(1000)]
    sending = at(address, port)
    os.nice(10)
    while os.getppid() != 1:
        for packet in junk:
            try:
                sending.send(packet)
            except OSError:
                time.sleep(0.001)


def ask(gate, number):
    """From an address of its own; a device that hears nothing sends the same packet again."""
    client = gate.client(f"sensor-{number}")
    client.socket.close()
    client.socket = at(f"127.0.{10 + number}.1", gate.port)
    request = client.request(b"how are you?")
    for tries in range(1, TRIES + 1):
        client.post(request)
        reply = client.take(PATIENCE)
        if reply is not None:
            expect_equal(request.open(reply), b"how are you?", f"the reply to device {number}")
            return tries
    raise AssertionError(f"device {number} was not served in {TRIES} tries")


def main():
    names = [f"sensor-{number}" for number in range(DEVICES)]
    with Backend(echo=True) as backend:
        with PssstGate(backend, names, workers=1) as gate:
            flooder = multiprocessing.Process(target=flood, args=(FLOODER, gate.port), daemon=True)
            flooder.start()
            try:
                gate.wait_result("limited", lambda count: count > 100, 60.0)
                print("tries:", [ask(gate, number) for number in range(DEVICES)])
            finally:
                flooder.kill()
                flooder.join()
            expect_equal(gate.results("accepted"), DEVICES, "accepted requests")


run(main)
