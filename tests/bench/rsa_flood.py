#!/usr/bin/env python3
"""An honest USMP device beside a flood of UPSS handshakes, each of which wants an RSA operation: round trips of its
messages without the flood and with it, on one worker.

usage: rsa_flood.py [--seconds N] [--bin FOLDER]

Prints medians and 99th percentiles of gatehouse-sim's round trips, what the flood got through, and the ratio of the
medians. Nothing is asserted: the machine decides. The flood itself takes CPU too, which on a machine of two cores is
part of what is measured.
"""

import argparse
import base64
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "integration"))

from support.expect import eventually, expect  # noqa: E402
from support.daemon import Gatehouse, credential_text  # noqa: E402
from support.fleet import key_for  # noqa: E402
from support.upss_device import package  # noqa: E402
from support.upss_gate import UpssGate  # noqa: E402

from million_sessions import EchoBackend, say  # noqa: E402

KEY = key_for("honest")
FLOODERS = 1
LISTENERS = [{"name": "honest"}, {"name": "crowd", "protocol": "upss", "upss": {"openings_per_second": 100000}}]


class FloodedGate(UpssGate):
    def __init__(self, backend):
        text = credential_text({"*": KEY})
        Gatehouse.__init__(self, backend, listeners=LISTENERS, credentials=text, workers=1)


def flood(port, seconds):
    """Handshakes up to package 3, whose block is garbage of the right size, as many as one process makes."""
    import socket

    hello = package("/", "SEND", {"msg": "hello"})
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.create_connection(("127.0.0.1", port), 5) as wire:
            wire.sendall(hello)
            wire.recv(4096)
            block = b"\x00" + os.urandom(255)
            wire.sendall(package("/", "SEND", {"key": base64.b64encode(block).decode()}))
            wire.recv(4096)


def round_trips(options, port):
    done = subprocess.run(
        [options.bin / "gatehouse-sim", "load", "--connect", f"127.0.0.1:{port}", "--psk", "hex:" + KEY.hex(),
         "--devices", "1", "--message-rate", "200/s", "--duration", f"{options.seconds}s", "--echo", "--json"],
        capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["echo"]["microseconds"]


def measure(options, gate):
    alone = round_trips(options, gate.ports["honest"])
    flooders = [subprocess.Popen([sys.executable, "-B", __file__, "--flood", str(gate.ports["crowd"]),
                                  "--seconds", str(options.seconds + 4)]) for _ in range(FLOODERS)]
    opened = lambda: gate.metric("gatehouse_handshakes_total", listener="crowd", result="aborted")
    eventually(lambda: opened() > 50, "the flood has begun")
    before, began = opened(), time.monotonic()
    beside = round_trips(options, gate.ports["honest"])
    rate = (opened() - before) / (time.monotonic() - began)
    for one in flooders:
        one.send_signal(signal.SIGTERM)
        one.wait()
    for what, found in (("alone", alone), ("beside the flood", beside)):
        say(what, f"median {found['p50']} us, 99 % {found['p99']} us")
    say("RSA operations", f"{rate:.0f} a second")
    say("ratio of the medians", f"{beside['p50'] / alone['p50']:.2f}")
    expect(rate > 50, "the flood got through")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build" / "release" / "bin")
    parser.add_argument("--flood", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.flood:
        flood(options.flood, options.seconds)
        return
    os.environ.setdefault("GATEHOUSED", str(options.bin / "gatehoused"))
    with EchoBackend() as backend, FloodedGate(backend) as gate:
        measure(options, gate)


if __name__ == "__main__":
    main()
