#!/usr/bin/env python3
"""A million UDP sessions on one daemon: what they cost in memory, and that they are alive.

usage: million_sessions.py [--sessions N] [--bin FOLDER] [--most BYTES]

Starts the release daemon with one UDP listener, connects N devices (default 1000000) with gatehouse-sim from as many
loopback addresses, and prints what the daemon's memory grew by. Then a sample of the devices sends a message each and
gets it back, and all say goodbye. Exit 1 when a session is missing, when one costs more than BYTES (default 1024), or
when an echo is missing. A million takes minutes, 0.7 GB in the simulator and what is measured here in the daemon.
"""

import argparse
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "integration"))

from support.daemon import UDP, Gatehouse  # noqa: E402
from support.expect import eventually, expect, expect_equal  # noqa: E402

KEY = bytes(range(32))
SAMPLE = 2000  # devices that speak, about
SPEAKING = 10  # seconds
SETTLE = 18  # seconds: until the gateway has forgotten the last handshake
HOLD = SETTLE + 20
LINES = 10  # of the simulator's progress: one of so many is shown
CONNECTED = re.compile(r"^ *([0-9.]+) s  connected: (\d+) of (\d+) devices$")


def memory_of(process):
    """{"VmRSS": bytes, "RssAnon": bytes}"""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return {name: int(re.search(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE).group(1)) * 1024
            for name in ("VmRSS", "RssAnon")}


def megabytes(size):
    return f"{size / 1e6:.1f} MB"


def say(name, value):
    print(f"{name:<24}{value}", flush=True)


class EchoBackend:
    """What Gatehouse wants of a backend: a path. In a process of its own, so that it delays nobody."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="gatehouse-bench-")
        self.path = str(pathlib.Path(self.folder.name) / "backend.sock")
        self.process = None

    def __enter__(self):
        script = pathlib.Path(__file__).resolve().parent / "support" / "echo_backend.py"
        self.process = subprocess.Popen([sys.executable, "-B", str(script), self.path])
        eventually(lambda: os.path.exists(self.path), "the backend listens")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


class Devices:
    """gatehouse-sim with all devices; its progress lines are passed on."""

    def __init__(self, program, port, count):
        rate = SAMPLE / count / SPEAKING
        self.lines = 0
        self.process = subprocess.Popen(
            [program, "load", "--transport", "udp", "--connect", f"127.0.0.1:{port}", "--psk", "hex:" + KEY.hex(),
             "--devices", str(count), "--keepalive", "0", "--hold", f"{HOLD}s", "--message-rate", f"{rate:.9f}",
             "--echo", "--duration", f"{SPEAKING}s", "--json"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def wait_connected(self):
        """(seconds, devices with a session)"""
        for line in self.process.stderr:
            found = CONNECTED.match(line)
            if found:
                return float(found.group(1)), int(found.group(2))
            self._show(line)
        raise AssertionError(f"the simulator ended with {self.process.wait()}")

    def report(self):
        for line in self.process.stderr:
            self._show(line)
        report = json.loads(self.process.stdout.read())
        expect_equal(self.process.wait(), 0, f"the simulator's exit status; it reports {report}")
        return report

    def _show(self, line):
        self.lines += 1
        if self.lines % LINES == 0:
            print(line, end="", file=sys.stderr, flush=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def measure(options, gate):
    before = memory_of(gate.process)
    say("daemon before", f"VmRSS {megabytes(before['VmRSS'])}, RssAnon {megabytes(before['RssAnon'])}")
    with Devices(options.bin / "gatehouse-sim", gate.port, options.sessions) as devices:
        seconds, connected = devices.wait_connected()
        time.sleep(SETTLE)
        sessions = int(gate.metric("gatehouse_sessions", listener="fleet") or 0)
        after = memory_of(gate.process)
        simulator = memory_of(devices.process)
        grown = after["VmRSS"] - before["VmRSS"]
        each = grown / options.sessions
        say("daemon after", f"VmRSS {megabytes(after['VmRSS'])}, RssAnon {megabytes(after['RssAnon'])}")
        say("sessions", f"{sessions}, connected in {seconds:.1f} s ({connected / seconds:.0f}/s)")
        say("bytes a session", f"{each:.0f}")
        say("simulator", f"VmRSS {megabytes(simulator['VmRSS'])}")
        report = devices.report()
        messages, missing = report["messages"], report["echo"]["missing"]
        say("echoes of a sample", f"{messages['received']} of {messages['sent']}")
        eventually(lambda: gate.metric("gatehouse_sessions", listener="fleet") == 0, "all sessions have ended", 120.0)
        left = memory_of(gate.process)
        say("daemon at the end", f"VmRSS {megabytes(left['VmRSS'])}, RssAnon {megabytes(left['RssAnon'])}")
    expect_equal(sessions, options.sessions, "sessions in /metrics")
    expect(each <= options.most, f"a session takes {each:.0f} bytes, more than {options.most}")
    expect(messages["sent"] >= 1 and missing == 0, f"of {messages['sent']} echoes {missing} are missing")
    expect_equal(report["sessions_lost"], 0, "sessions that the simulator lost")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=1_000_000)
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build" / "release" / "bin")
    parser.add_argument("--most", type=int, default=1024, help="bytes a session may take")
    options = parser.parse_args()
    os.environ["GATEHOUSED"] = str(options.bin / "gatehoused")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    listener = {**UDP, "idle_timeout": "12h"}
    limits = {"sessions": options.sessions + 100_000}
    settings = {"log": {"level": "warn", "format": "json"}}
    began = time.monotonic()
    with EchoBackend() as backend:
        with Gatehouse(backend, {"*": KEY}, listener=listener, limits=limits, settings=settings) as gate:
            try:
                measure(options, gate)
            except AssertionError as error:
                print(f"FAILED: {error}", file=sys.stderr)
                gate.process.kill()
                gate.clean_exit = False
                sys.exit(1)
    say("all in all", f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
