"""CHALLENGE and SESSION_OK come well within the 500 ms that a device waits, while other sessions send at full speed.

Two processes with four sessions each send without a pause; meanwhile 40 devices, one after the other, do their
handshake. Every answer must come within 400 ms, and half of them within 100 ms.
"""

import pathlib
import statistics
import subprocess
import sys
import time

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, run
from support.fleet import fleet

PROCESSES, SESSIONS, PROBES = 2, 4, 40


class DiscardingCodec:
    """Reads only the hello of a connection: decoding everything would make the backend the slowest part."""

    def __init__(self):
        self.first = True

    def feed(self, data):
        first, self.first = self.first, False
        return [{"type": "hello", "worker": 0}] if first else []


def start_load(gate, devices):
    arguments = [part for name, key in devices.items() for part in (name, key.hex())]
    process = subprocess.Popen(
        [sys.executable, "-m", "support.load", str(gate.port), *arguments],
        cwd=pathlib.Path(__file__).resolve().parent,
        stdout=subprocess.PIPE,
        text=True,
    )
    expect(process.stdout.readline() == "ready\n", "the load has started")
    return process


def measured(function):
    begun = time.monotonic()
    function()
    return 1000.0 * (time.monotonic() - begun)


def probe(gate, device_id):
    device = gate.device(device_id).open()
    device.send_hello()
    challenge = measured(device.read_challenge)
    device.send_hello_ack()
    session_ok = measured(device.read_session_ok)
    device.bye()
    return [challenge, session_ok]


def main():
    devices = fleet(PROCESSES * SESSIONS + PROBES)
    names = list(devices)
    with Backend(codec=DiscardingCodec) as backend, Gatehouse(backend, devices, settings=QUIET) as gate:
        load = []
        try:
            for number in range(PROCESSES):
                part = names[number * SESSIONS : (number + 1) * SESSIONS]
                load.append(start_load(gate, {name: devices[name] for name in part}))
            messages = gate.metric("gatehouse_messages_total", listener="fleet", direction="up")
            times = [t for name in names[PROCESSES * SESSIONS :] for t in probe(gate, name)]
            gate.wait_metric("gatehouse_messages_total", lambda n: n > messages, listener="fleet", direction="up")
        finally:
            for process in load:
                process.kill()
                process.communicate()
        worst, middle = max(times), statistics.median(times)
        expect(worst < 400.0, f"the slowest answer took {worst:.0f} ms")
        expect(middle < 100.0, f"half of the answers took longer than {middle:.0f} ms")


QUIET = {"log": {"level": "info", "format": "json"}}

run(main)
