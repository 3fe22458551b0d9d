#!/usr/bin/env python3
"""Gatehouse at work on loopback: three generations of devices, one that moves, two with key pairs, two that protect little, one backend, one wrong key.

usage: demo.py [--bin FOLDER]

Starts the daemon with three enrolled devices, the sample backend beside this file, and simulated devices; shows what arrives where.
Exit 0 only when all of it really happened.
"""

import argparse
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
TIME_LIMIT = 50  # seconds, for everything

BOILER, PUMP = "02:00:00:00:00:01", "02:00:00:00:00:02"
# (generation, device, name, message)
DEVICES = [
    ("0.4.7", BOILER, "boiler-17", "temperature 21.5"),
    ("1.0", PUMP, "pump-3", "pressure 4.2"),
    ("1.2", BOILER, "boiler-17", "temperature 21.7"),
]

CONFIGURATION = """\
version: 1
workers: 2
listeners:
  - name: fleet
    protocol: usmp
    transport: tcp
    bind: "127.0.0.1:{port}"
    credentials: fleet
    backend: example
    usmp:
      generations: ["2", "1-bound"]   # 1-bound admits 0.4.7, which is unsafe outside a demo
  - name: air
    protocol: usmp
    transport: udp
    bind: "127.0.0.1:{port}"
    credentials: fleet
    backend: example
  - name: pumps
    protocol: spp
    bind: "127.0.0.1:{spp_port}"
    credentials: pumps
    backend: example
  - name: meters
    protocol: pssst
    bind: "127.0.0.1:{meter_port}"
    credentials: meters
    backend: example
  - name: sensors
    protocol: array-crypto            # unsafe outside a demo, and so is upss: on other addresses they need insecure: accept
    bind: "127.0.0.1:{sensor_port}"
    credentials: sensors
    backend: example
  - name: panels
    protocol: upss
    bind: "127.0.0.1:{panel_port}"
    backend: example
    upss: {{routes: ["/alarms"]}}
credentials:
  fleet: {{file: fleet.yaml}}
  sensors: {{file: sensors.yaml}}
  pumps: {{file: pumps.yaml}}
  meters: {{file: meters.yaml}}
backends:
  example: {{socket: backend.sock, format: ndjson, payload: text}}
metrics: {{bind: "127.0.0.1:{metrics_port}"}}
admin: {{socket: admin.sock}}
log: {{level: info, format: text}}
"""

FLEET = """\
version: 1
devices:
  "{boiler}":
    name: boiler-17
    psk:
      - {{id: "demo-a", secret: "hex:{boiler_key}"}}
  "{pump}":
    name: pump-3
    psk:
      - {{id: "demo-b", secret: "hex:{pump_key}"}}
"""

PUMPS = """\
version: 1
gateway_keys:
  - {{id: "demo-s", private: "file:signing.key"}}
devices:
  {device}: {{public: "{public}"}}
"""

METERS = """\
version: 1
gateway_keys:
  - {{id: "demo-g", private: "file:gateway.key"}}
devices:
  {meter}: {{public: "{public}"}}
"""

SENSORS = """\
version: 1
devices:
  {sensor}: {{profile: v2, secret: "hex:{secret}", prefix: "/dev/{sensor}"}}
"""

SENSOR, ROUTE = "sensor-2", "/alarms"
METER, REQUESTS = "meter-4", 5
SPP_DEVICE, SPP_GENERATIONS = "pump-8", ("0.1", "0.2")


class Failed(Exception):
    """Something that should have happened did not; the text says what."""


def heading(text):
    print(f"\n== {text}", flush=True)


def show(text, mark=" "):
    print(f"  {mark} {text}", flush=True)


def expect(happened, what):
    """Reports one check, and ends the demo when it failed."""
    if not happened:
        raise Failed(what)
    show(what, "+")


def wait_for(condition, seconds=5.0):
    """Polls until the condition is true; its last value."""
    deadline = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return value


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """A running program whose output is collected line by line."""

    def __init__(self, *command, on_line=None):
        self.lines = []
        self._on_line = on_line
        self.process = subprocess.Popen(
            [str(c) for c in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if self._on_line:
                self._on_line(self.lines[-1])

    def running(self):
        return self.process.poll() is None

    def end(self, seconds=10):
        """Asks the program to end; its exit code, or None when it had to be killed."""
        if self.running():
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            code = None
        self._reader.join(2)
        return code


class Demo:
    def __init__(self, programs, folder):
        self.programs, self.folder = programs, folder
        self.port, self.meter_port, self.metrics_port = free_port(), free_port(), free_port()
        self.spp_port, self.sensor_port, self.panel_port = free_port(), free_port(), free_port()
        self.gateway_public = self.signing_public = None
        self.sensor_secret = secrets.token_hex(32)
        self.keys = {BOILER: secrets.token_hex(32), PUMP: secrets.token_hex(32)}
        self.records = []
        self.backend = self.daemon = None

    def run(self):
        self.write_configuration()
        self.start()
        for generation, device, name, message in DEVICES:
            self.device_talks(generation, device, name, message)
        self.wrong_key_is_refused()
        self.device_moves()
        self.spp_device_talks()
        self.meter_asks()
        self.sensor_talks()
        self.panel_talks()
        self.metrics_tell()
        self.stop()

    def write_configuration(self):
        heading("Five protocols, TCP and UDP, one backend")
        (self.folder / "gatehouse.yaml").write_text(
            CONFIGURATION.format(port=self.port, meter_port=self.meter_port, spp_port=self.spp_port,
                                 sensor_port=self.sensor_port, panel_port=self.panel_port, metrics_port=self.metrics_port))
        fleet = FLEET.format(boiler=BOILER, boiler_key=self.keys[BOILER], pump=PUMP, pump_key=self.keys[PUMP])
        self.gateway_public = self.make_key_pair("x25519", "gateway.key")
        meters = METERS.format(meter=METER, public=self.make_key_pair("x25519", "meter.key"))
        self.signing_public = self.make_key_pair("ed25519", "signing.key")
        pumps = PUMPS.format(device=SPP_DEVICE, public=self.make_key_pair("ed25519", "pump.key"))
        sensors = SENSORS.format(sensor=SENSOR, secret=self.sensor_secret)
        for name, text in (("fleet.yaml", fleet), ("meters.yaml", meters), ("pumps.yaml", pumps), ("sensors.yaml", sensors)):
            with open(os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(text)
        check = subprocess.run([self.programs / "gatehoused", "--config", self.folder / "gatehouse.yaml", "--check"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if check.returncode != 0:
            show(check.stdout.strip())
        expect(check.returncode == 0, "gatehoused --check accepts the configuration")

    def make_key_pair(self, kind, name):
        """A file with a private key; the public half, as it is written in files."""
        command = [self.programs / "gatehousectl", "keygen", kind, "--out", self.folder / name]
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout.strip()

    def start(self):
        self.backend = Program(sys.executable, "-B", HERE / "backend_example.py", self.folder / "backend.sock",
                               on_line=self.on_record)
        expect(wait_for((self.folder / "backend.sock").exists), "the sample backend listens on its Unix socket")
        self.daemon = Program(self.programs / "gatehoused", "--config", self.folder / "gatehouse.yaml")
        expect(wait_for(lambda: not self.daemon.running() or self.fetch("/readyz") is not None, 10) and self.daemon.running(),
               f"gatehoused is ready on 127.0.0.1:{self.port}")
        expect(wait_for(lambda: self.of_type("hello")), "it has connected to the backend and said hello")

    def on_record(self, line):
        """A line of the backend's output: a record, shown as it arrives."""
        try:
            record = json.loads(line)
        except ValueError:
            record = {"type": "backend says", "text": line}
        self.records.append(record)
        shown = {k: v for k, v in record.items() if k not in {"type", "version"}}
        show(f"{record.get('type', '?'):5} " + " ".join(f"{k}={v}" for k, v in shown.items()), ">")

    def of_type(self, kind, **fields):
        return [r for r in list(self.records)
                if r.get("type") == kind and all(r.get(k) == v for k, v in fields.items())]

    def simulate(self, generation, device, key, message):
        """One simulated device that sends a message and waits for its answer; (exit code, what it printed)."""
        command = [self.programs / "gatehouse-sim", "send", "--connect", f"127.0.0.1:{self.port}", "--device", device,
                   "--psk", f"hex:{key}", "--generation", generation, "--message", message, "--expect-reply", "--timeout", "5s"]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, errors="replace", timeout=15)
        return done.returncode, done.stdout.strip().splitlines()

    def device_talks(self, generation, device, name, message):
        heading(f"{name} ({device}) speaks USMP {generation}")
        seen = len(self.records)
        code, output = self.simulate(generation, device, self.keys[device], message)
        arrived = wait_for(lambda: [r for r in self.records[seen:] if r.get("type") == "data"])
        closed = wait_for(lambda: [r for r in self.records[seen:] if r.get("type") == "close"])
        for line in output:
            show(line, "<")
        opened = [r for r in self.records[seen:] if r.get("type") == "open"]
        expect(len(opened) == 1 and opened[0].get("device") == device, "the backend saw one session of this device")
        expect(opened[0].get("protocol") == "usmp" and str(opened[0].get("generation")).startswith(generation),
               f"its generation was recognised as {opened[0].get('generation')}")
        expect(len(arrived) == 1 and arrived[0].get("text") == message and arrived[0].get("device") == device,
               "the backend got the message, unchanged")
        expect(code == 0, "the device got the backend's answer")
        expect(bool(closed), "the session was closed")

    def wrong_key_is_refused(self):
        heading(f"Somebody claims to be {BOILER} without its key")
        before = len(self.daemon.lines)
        wrong = secrets.token_hex(32)
        code, output = self.simulate("1.2", BOILER, wrong, "open the valve")
        for line in output:
            show(line, "<")
        expect(code == 1, "the device was refused")

        def refusals():
            signs = ("refused", "reason=auth_failed", "peer=127.0.0.1:", f"device={BOILER}")
            return [line for line in self.daemon.lines[before:] if all(sign in line for sign in signs)]

        found = wait_for(refusals)
        for line in found:
            show(line, "#")
        expect(bool(found), "the log names the device, its address and the reason")
        expect(len(self.of_type("open")) == len(DEVICES) and len(self.of_type("data")) == len(DEVICES),
               "the backend heard nothing of it")
        log = "\n".join(self.daemon.lines).lower()
        expect(not any(key in log for key in [*self.keys.values(), wrong]), "no key stands in the log")

    def device_moves(self):
        heading(f"pump-3 ({PUMP}) speaks over UDP, loses a tenth of its datagrams, and changes its address")
        seen, before = len(self.records), len(self.daemon.lines)
        command = [self.programs / "gatehouse-sim", "load", "--transport", "udp", "--connect", f"127.0.0.1:{self.port}",
                   "--first-device", PUMP, "--psk", f"hex:{self.keys[PUMP]}", "--devices", "1", "--message-rate", "2/s",
                   "--duration", "4s", "--echo", "--size", "24", "--loss", "10", "--rebind-every", "1500ms", "--json"]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, errors="replace", timeout=30)
        closed = wait_for(lambda: [r for r in self.records[seen:] if r.get("type") == "close"])
        moves = [line for line in self.daemon.lines[before:] if "session moved" in line]
        for line in moves:
            show(line, "#")
        expect(done.returncode == 0, "every message of the device was acknowledged and answered")
        opened = [r for r in self.records[seen:] if r.get("type") == "open"]
        expect(len(opened) == 1 and bool(closed), "it was one session from start to end")
        expect(bool(moves), f"which followed the device to {len(moves)} new address(es)")

    def spp_device_talks(self):
        heading(f"{SPP_DEVICE} speaks SPP, first with release 0.1, then with 0.2")
        for generation in SPP_GENERATIONS:
            seen = len(self.records)
            command = [self.programs / "gatehouse-sim", "send", "--protocol", "spp", "--connect", f"127.0.0.1:{self.spp_port}",
                       "--gateway-key", self.signing_public, "--key", f"file:{self.folder / 'pump.key'}",
                       "--generation", generation, "--message", "flow 0.8", "--expect-reply", "--timeout", "5s"]
            done = subprocess.run([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, errors="replace", timeout=15)
            for line in done.stdout.strip().splitlines():
                show(line, "<")
            closed = wait_for(lambda: [r for r in self.records[seen:] if r.get("type") == "close"])
            opened = [r for r in self.records[seen:] if r.get("type") == "open"]
            expect(done.returncode == 0, "the device got the backend's answer")
            expect(len(opened) == 1 and opened[0].get("device") == SPP_DEVICE and opened[0].get("generation") == generation,
                   f"its first record told who it is, and that it speaks {generation}")
            expect(bool(closed), "the session was closed")

    def meter_asks(self):
        heading(f"{METER} asks over PSSST, loses a third of its datagrams, and repeats them")
        seen = len(self.records)
        command = [self.programs / "gatehouse-sim", "request", "--connect", f"127.0.0.1:{self.meter_port}",
                   "--gateway-key", self.gateway_public, "--key", f"file:{self.folder / 'meter.key'}",
                   "--message", "energy 12.4", "--count", REQUESTS, "--retry", "50ms", "--tries", "12",
                   "--loss", "33", "--seed", "4"]
        done = subprocess.run([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", timeout=30)
        for line in done.stdout.strip().splitlines():
            show(line, "<")
        closed = wait_for(lambda: len([r for r in self.records[seen:] if r.get("type") == "close"]) == REQUESTS)
        expect(done.returncode == 0, "every request of the device has its reply")
        data = [r for r in self.records[seen:] if r.get("type") == "data"]
        expect(len(data) == REQUESTS and all(r.get("device") == METER for r in data), "the backend got each of them once")
        expect(bool(closed) and len(self.of_type("close", reason="done")) == REQUESTS, "and each was closed with its reply")

    def send_one(self, protocol, port, *options):
        """One message of a device without much protection, and its answer; the records that it made."""
        seen = len(self.records)
        command = [self.programs / "gatehouse-sim", "send", "--protocol", protocol, "--connect", f"127.0.0.1:{port}", *options,
                   "--expect-reply", "--timeout", "5s"]
        done = subprocess.run([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", timeout=15)
        for line in done.stdout.strip().splitlines():
            show(line, "<")
        closed = wait_for(lambda: [r for r in self.records[seen:] if r.get("type") == "close"])
        expect(done.returncode == 0, "the device got the backend's answer")
        expect(bool(closed), "the session was closed")
        opened = [r for r in self.records[seen:] if r.get("type") == "open"]
        data = [r for r in self.records[seen:] if r.get("type") == "data"]
        expect(len(opened) == 1 and opened[0].get("authenticated") is False, "the backend was told that nobody is authenticated")
        return opened[0], [r.get("text") for r in data]

    def sensor_talks(self):
        heading(f"{SENSOR} speaks Array-Crypto over HTTP")
        opened, texts = self.send_one("array-crypto", self.sensor_port, "--secret", f"hex:{self.sensor_secret}",
                                      "--prefix", f"/dev/{SENSOR}", "--message", "humidity 40")
        expect(opened.get("device") == SENSOR and opened.get("generation") == "v2", "its prefix told which device it is")
        expect(texts == ["humidity 40"], "the backend got the message, unchanged")

    def panel_talks(self):
        heading(f"A panel calls {ROUTE} over UPSS")
        opened, texts = self.send_one("upss", self.panel_port, "--route", ROUTE, "--message", "door open")
        expect(opened.get("route") == ROUTE, "the backend was told the route")
        expect(texts == ["door open"], "and got the message, unchanged")

    def fetch(self, path):
        """The body of a page of the metrics endpoint, or None."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"http://127.0.0.1:{self.metrics_port}{path}", timeout=2) as answer:
                return answer.read().decode()
        except (OSError, urllib.error.URLError):
            return None

    def metric(self, name, **labels):
        total = 0.0
        for line in (self.fetch("/metrics") or "").splitlines():
            match = re.fullmatch(rf"{name}(?:\{{(.*)\}})? ([0-9.eE+-]+)(?: \d+)?", line)
            if match and set(labels.items()) <= set(re.findall(r'(\w+)="([^"]*)"', match.group(1) or "")):
                total += float(match.group(2))
        return total

    def metrics_tell(self):
        heading("What the metrics say")
        wanted = [
            ("gatehouse_handshakes_total", {"listener": "fleet", "result": "ok"}, len(DEVICES)),
            ("gatehouse_handshakes_total", {"listener": "fleet", "result": "auth_failed"}, 1),
            ("gatehouse_messages_total", {"listener": "fleet", "direction": "up"}, len(DEVICES)),
            ("gatehouse_messages_total", {"listener": "fleet", "direction": "down"}, len(DEVICES)),
            ("gatehouse_handshakes_total", {"listener": "pumps", "result": "ok"}, len(SPP_GENERATIONS)),
            ("gatehouse_handshakes_total", {"listener": "sensors", "result": "ok"}, 1),
            ("gatehouse_messages_total", {"listener": "panels", "direction": "up"}, 1),
            ("gatehouse_requests_total", {"listener": "meters", "result": "accepted"}, REQUESTS),
        ]
        for name, labels, value in wanted:
            wait_for(lambda: self.metric(name, **labels) == value, 3)
            text = name + "{" + ",".join(f'{k}="{v}"' for k, v in labels.items()) + "}"
            found = self.metric(name, **labels)
            expect(found == value, f"{text} {found:g}" + ("" if found == value else f", expected {value}"))

    def stop(self):
        heading("The end")
        expect(self.daemon.end() == 0, "gatehoused drained and exited with 0")

    def clean_up(self):
        for program in (self.daemon, self.backend):
            if program:
                program.end(3)


def out_of_time(*_):
    raise Failed(f"it should take less than {TIME_LIMIT} seconds")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", type=Path, default=HERE.parents[1] / "build/release/bin", help="where the programs are")
    programs = parser.parse_args().bin.resolve()
    for name in ("gatehoused", "gatehousectl", "gatehouse-sim"):
        if not os.access(programs / name, os.X_OK):
            sys.exit(f"demo: {programs / name} is not there; run packaging/build first")

    sys.stdout.reconfigure(errors="replace")
    signal.signal(signal.SIGALRM, out_of_time)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.alarm(TIME_LIMIT)
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="gatehouse-demo-", dir="/tmp"))  # short: Unix socket names are limited
    demo = Demo(programs, folder)
    try:
        demo.run()
        print(f"\nAll of it happened, in {time.monotonic() - started:.1f} seconds.")
        return 0
    except (Failed, subprocess.TimeoutExpired, OSError) as problem:
        print(f"\nFAILED: {problem}")
        if demo.daemon:
            print("The daemon's last lines:")
            for line in demo.daemon.lines[-15:]:
                show(line, "#")
        return 1
    finally:
        signal.alarm(0)
        demo.clean_up()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
