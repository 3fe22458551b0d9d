"""The daemon under test: its files, its process, its metrics and its log.

    with Backend() as backend, Gatehouse(backend, {"02:00:00:00:00:01": KEY}) as gate:
        device = gate.connect("02:00:00:00:00:01")

Leaving the block ends the daemon with SIGTERM and fails unless it drains, exits with 0 and no sanitizer reported
anything. When the test fails, the end of the daemon's log is printed.
"""

import copy
import ctypes
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from .expect import eventually, expect
from .ports import free_port
from .usmp_datagram_device import DatagramDevice
from .usmp_device import Device
from .yaml_text import to_yaml

START_LIMIT = 20.0
STOP_LIMIT = 20.0
LOG_TAIL_LINES = 60
SANITIZER_REPORT = re.compile(
    r"ERROR: (Address|Leak|Memory)Sanitizer|runtime error:|WARNING: ThreadSanitizer|Assertion '|terminate called"
)
SAMPLE = re.compile(r"^([A-Za-z_:][A-Za-z0-9_:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$")
LABEL = re.compile(r'([A-Za-z_][A-Za-z0-9_]*)="((?:[^"\\]|\\.)*)"')
PR_SET_PDEATHSIG = 1
UDP = {"transport": "udp"}  # for Gatehouse(listener=...)
_libc = ctypes.CDLL(None)


def binary():
    named = os.environ.get("GATEHOUSED")
    if named:
        return named
    root = pathlib.Path(__file__).resolve().parents[3]
    built = sorted(root.glob("build/*/bin/gatehoused"), key=lambda path: path.stat().st_mtime)
    if not built:
        raise RuntimeError("no gatehoused found: set GATEHOUSED or build first")
    return str(built[-1])


def free_means_free():
    """Before a daemon is started whose memory is looked at: the address sanitizer keeps what was freed, which would look
    like growth."""
    given = os.environ.get("ASAN_OPTIONS", "")
    os.environ["ASAN_OPTIONS"] = given + ":quarantine_size_mb=1:thread_local_quarantine_size_kb=64"


def _die_with_parent():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def run_program(*arguments, program=None, timeout=20.0, **options):
    """Runs the daemon's binary (or another) to its end, as for --check and --version."""
    return subprocess.run(
        [program or binary(), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        preexec_fn=_die_with_parent,
        **options,
    )


def parse_metrics(text):
    """{name: {frozenset of (label, value): number}}"""
    metrics = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        match = SAMPLE.match(line)
        expect(match, f"not a line of Prometheus text: {line!r}")
        name, labels, value = match.groups()
        metrics.setdefault(name, {})[frozenset(LABEL.findall(labels or ""))] = float(value)
    return metrics


def psk_entry(key, key_id="k1", **fields):
    return {"id": key_id, "secret": "hex:" + key.hex(), **fields}


def device_entry(keys):
    """What stands under a device's id in the credential file; bytes are one key, a dict is the entry itself."""
    return {"psk": [psk_entry(keys)]} if isinstance(keys, bytes) else keys


def credential_text(devices, **more):
    return to_yaml({"version": 1, "devices": {name: device_entry(keys) for name, keys in devices.items()}, **more})


def write_secret(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text) if isinstance(text, str) else path.write_bytes(text)
    path.chmod(0o600)


class Gatehouse:
    """One daemon with one USMP listener called "fleet", or what `listeners` says.

    `devices` maps device ids to keys (see device_entry). `usmp`, `limits` and `listener` go into the listener,
    `backend_options` into the backend, `settings` into the top level of the configuration.
    """

    def __init__(
        self,
        backend=None,
        devices=None,
        *,
        usmp=None,
        limits=None,
        listener=None,
        listeners=None,
        backend_options=None,
        settings=None,
        credentials=None,
        workers=2,
        clean_exit=True,
    ):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-test-"))
        self.devices = devices or {}
        self.clean_exit = clean_exit
        self.process = None
        self.opened = []
        self.ports = {}
        socket_path = backend.path if backend else str(self.directory / "nobody.sock")

        fleet = {"name": "fleet", **(listener or {})}
        if usmp:
            fleet["usmp"] = usmp
        if limits:
            fleet["limits"] = limits
        config = {
            "version": 1,
            "workers": workers,
            "listeners": [self._listener(entry) for entry in (listeners or [fleet])],
            "credentials": {"fleet": {"file": "keys/fleet.yaml"}},
            "backends": {"telemetry": {"socket": socket_path, "format": "ndjson", **(backend_options or {})}},
            "metrics": {"bind": f"127.0.0.1:{free_port()}"},
            "admin": {"socket": "admin.sock"},
            "log": {"level": "debug", "format": "json"},
        }
        config.update(copy.deepcopy(settings or {}))
        self.config = config
        self.metrics_port = int(config["metrics"]["bind"].rsplit(":", 1)[1])
        self.config_file = self.directory / "gatehouse.yaml"
        self.credential_file = self.directory / "keys" / "fleet.yaml"
        self.log_file = self.directory / "daemon.log"
        self.config_file.write_text(to_yaml(config))
        write_secret(self.credential_file, credentials or credential_text(self.devices))

    def _listener(self, entry):
        port = free_port()
        self.ports[entry["name"]] = port
        return {
            "protocol": "usmp",
            "transport": "tcp",
            "bind": f"127.0.0.1:{port}",
            "credentials": "fleet",
            "backend": "telemetry",
            **entry,
        }

    # --- process --------------------------------------------------------------------------------------------------

    def start(self):
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [binary(), "--config", str(self.config_file)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=_die_with_parent,
            )
        eventually(self._is_ready, "the daemon says that it is ready", START_LIMIT)
        return self

    def _is_ready(self):
        expect(self.process.poll() is None, f"the daemon ended at its start with {self.process.returncode}")
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def signal(self, number):
        self.process.send_signal(number)

    def terminate(self):
        self.signal(signal.SIGTERM)

    def wait_exit(self, timeout=STOP_LIMIT):
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the daemon did not end within {timeout} s") from None

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self._cleanup(failed=True)
            raise

    def __exit__(self, kind, *_):
        failed = kind is not None
        try:
            if not failed:
                self._stop()
        except BaseException:
            failed = True
            raise
        finally:
            self._cleanup(failed)

    def _stop(self):
        if self.is_running():
            self.terminate()
        self._acknowledge_byes()
        code = self.wait_exit()
        report = SANITIZER_REPORT.search(self.log())
        expect(not report, f"the daemon reported: {report and report.group(0)}")
        expect(code == 0 or not self.clean_exit, f"the daemon ended with {code}")

    def _acknowledge_byes(self):
        """UDP devices read only when they are told to; without their UTACKs every drain would take its time."""
        devices = [d for d in self.opened if isinstance(d, DatagramDevice) and d.sockets and d.channel]
        deadline = time.monotonic() + STOP_LIMIT
        while devices and self.is_running() and time.monotonic() < deadline:
            for device in devices:
                device.pump(timeout=0.01)

    def _cleanup(self, failed):
        for device in self.opened:
            device.close()
        if self.is_running():
            self.process.kill()
            self.process.wait()
        if failed:
            self.print_log_tail()
        shutil.rmtree(self.directory, ignore_errors=True)

    # --- devices --------------------------------------------------------------------------------------------------

    @property
    def port(self):
        return next(iter(self.ports.values()))

    def key(self, device_id):
        keys = self.devices[device_id]
        if isinstance(keys, bytes):
            return keys
        return bytes.fromhex(keys["psk"][0]["secret"].removeprefix("hex:"))

    def device(self, device_id, generation="D3", *, psk=None, port=None, **options):
        """A device that is not connected yet; it is closed when the daemon's block is left."""
        psk = self.key(device_id) if psk is None else psk
        device = Device(port or self.port, device_id, psk, generation, **options)
        self.opened.append(device)
        return device

    def connect(self, device_id, generation="D3", **options):
        return self.device(device_id, generation, **options).connect()

    def datagram_device(self, device_id, generation="D3", *, psk=None, port=None, **options):
        """The same for a listener with transport udp."""
        psk = self.key(device_id) if psk is None else psk
        device = DatagramDevice(port or self.port, device_id, psk, generation, **options)
        self.opened.append(device)
        return device

    def connect_datagram(self, device_id, generation="D3", **options):
        return self.datagram_device(device_id, generation, **options).connect()

    # --- HTTP and metrics -----------------------------------------------------------------------------------------

    def get(self, path, timeout=10.0):
        """(status, body)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.metrics_port, timeout=timeout)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except http.client.HTTPException as error:
            raise OSError(f"no HTTP answer: {error!r}") from error
        finally:
            connection.close()

    def metrics(self):
        status, body = self.get("/metrics")
        expect(status == 200, f"/metrics answered {status}")
        return parse_metrics(body)

    def metric(self, name, **labels):
        """The sum of the samples of this name that carry these labels; None if there is none."""
        wanted = set(labels.items())
        values = [value for key, value in self.metrics().get(name, {}).items() if wanted <= key]
        return sum(values) if values else None

    def wait_metric(self, name, wanted, deadline=10.0, **labels):
        """Waits until the metric equals `wanted`, or until the predicate `wanted` accepts it."""
        accepts = wanted if callable(wanted) else lambda value: value == wanted
        last = None

        def probe():
            nonlocal last
            last = self.metric(name, **labels)
            return last is not None and accepts(last)

        try:
            eventually(probe, f"{name}{labels}", deadline)
        except AssertionError as error:
            target = "" if callable(wanted) else f", wanted {wanted}"
            raise AssertionError(f"{error}; last seen {last}{target}") from None
        return last

    def handshakes(self, result):
        return self.metric("gatehouse_handshakes_total", listener="fleet", result=result)

    def wait_handshakes(self, result, wanted, deadline=10.0):
        return self.wait_metric("gatehouse_handshakes_total", wanted, deadline, listener="fleet", result=result)

    def wait_rejected(self, reason, wanted, deadline=10.0):
        return self.wait_metric("gatehouse_rejected_frames_total", wanted, deadline, listener="fleet", reason=reason)

    def resident_bytes(self):
        """Memory of the daemon's process."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE).group(1)) * 1024

    # --- log ------------------------------------------------------------------------------------------------------

    def log(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def log_records(self, event=None, **fields):
        """The log's JSON lines with this event and these fields."""
        records = []
        for line in self.log().splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict) and (event is None or record.get("event") == event):
                if all(str(record.get(key)) == str(value) for key, value in fields.items()):
                    records.append(record)
        return records

    def wait_log(self, pattern, timeout=10.0):
        """Waits for a line that the regular expression finds something in; returns the line."""
        compiled = re.compile(pattern)

        def probe():
            return next((line for line in self.log().splitlines() if compiled.search(line)), None)

        return eventually(probe, f"a log line like {pattern!r}", timeout)

    def wait_log_record(self, event, timeout=10.0, **fields):
        records = eventually(lambda: self.log_records(event, **fields), f"a log record {event!r} {fields}", timeout)
        return records[0]

    def print_log_tail(self):
        lines = self.log().splitlines()
        report = next((i for i, line in enumerate(lines) if SANITIZER_REPORT.search(line)), None)
        shown = lines[-LOG_TAIL_LINES:] if report is None else lines[report : report + LOG_TAIL_LINES]
        print(f"--- the daemon's log, {len(shown)} of {len(lines)} lines ---", file=sys.stderr)
        print("\n".join(shown), file=sys.stderr)
        print("--- end of the daemon's log ---", file=sys.stderr)
