"""`GET /v1/version` and `GET /v1/status` say what the documents promise, and it is true.

Version, process, start, workers, configuration, each listener with its address, sessions, handshakes by result and messages
by direction, each backend with its connections; the same numbers as in the metrics. `GET /v1/credentials` counts devices,
masters, keys by state and sessions.
"""

import datetime
import time

from support.admin import admin_of
from support.backend import Backend
from support.changes import TCP_AND_UDP, change_credentials, connect_udp
from support.daemon import Gatehouse, psk_entry, run_program
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet, key_for

LISTENERS = [dict(one, limits={"sessions_per_device": 0}) for one in TCP_AND_UDP]  # one has two sessions
MASTER = "hex:" + key_for("master").hex()
LISTENER = {
    "name", "protocol", "transport", "address", "credentials", "backend", "sessions", "handshakes", "messages"
}
RESULTS = {"ok", "auth_failed", "unknown_device", "malformed", "timeout", "limited", "unsupported"}


def age(text):
    moment = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    return time.time() - moment.timestamp()


def check_version(admin):
    version = admin.get("/v1/version")
    expect_equal(set(version), {"version", "openssl", "api"}, "members of the version")
    expect_equal(version["api"], 1, "the interface's version")
    printed = run_program("--version").stdout
    expect(version["version"] in printed and version["openssl"] in printed, f"as --version says: {printed}")
    return version["version"]


def check_status(gate, admin, version):
    status = admin.get("/v1/status")
    expect_equal(status["version"], version, "version")
    expect_equal((status["pid"], status["workers"], status["state"]), (gate.process.pid, 2, "serving"), "process")
    expect(-1 <= age(status["started"]) < 30, f"started: {status['started']}")
    expect(0 < status["uptime"] < 30, f"uptime: {status['uptime']}")
    config = status["config"]
    expect_equal(set(config), {"file", "generation", "loaded"}, "members of config")
    expect_equal(config["file"], str(gate.config_file), "file")
    expect_equal(config["generation"], gate.metric("gatehouse_config_generation"), "generation")
    expect(-1 <= age(config["loaded"]) < 30, f"loaded: {config['loaded']}")


def check_listeners(gate, admin):
    air, stream = sorted(admin.get("/v1/status")["listeners"], key=lambda one: one["name"])
    for one, transport in ((air, "udp"), (stream, "tcp")):
        expect_equal(set(one), LISTENER, f"members of {one['name']}")
        expect_equal(one["protocol"], "usmp", "protocol")
        expect_equal(one["transport"], transport, "transport")
        expect_equal(one["address"], f"127.0.0.1:{gate.ports[one['name']]}", "address")
        expect_equal((one["credentials"], one["backend"]), ("fleet", "telemetry"), "credentials and backend")
        expect(RESULTS <= set(one["handshakes"]), f"results: {one['handshakes']}")
        for result, count in one["handshakes"].items():
            shown = gate.metric("gatehouse_handshakes_total", listener=one["name"], result=result)
            expect_equal(count, shown, f"handshakes of {one['name']}: {result}")
    expect_equal((stream["sessions"], air["sessions"]), (3, 1), "sessions")
    expect_equal(stream["messages"], {"up": 3, "down": 3}, "messages over TCP")
    expect_equal(air["messages"], {"up": 1, "down": 1}, "messages over UDP")
    expect_equal(stream["handshakes"]["auth_failed"], 1, "handshakes that failed")


def main():
    devices = fleet(3)
    one, two, air = devices
    with Backend(echo=True) as backend, Gatehouse(backend, devices, listeners=LISTENERS) as gate:
        admin = admin_of(gate)
        check_status(gate, admin, check_version(admin))
        for device in (gate.connect(one), gate.connect(one), gate.connect(two), connect_udp(gate, air)):
            device.send(b"hello")
            expect_equal(device.recv(), b"hello", "the echo")
        expect(gate.device(two, psk=key_for("wrong")).is_refused(), "a wrong key")
        gate.wait_metric("gatehouse_sessions", 3, listener="fleet")
        check_listeners(gate, admin)

        def is_settled():
            (shown,) = admin.get("/v1/status")["backends"]
            wanted = {"name": "telemetry", "socket": backend.path, "connected": 2, "links": 2, "queued_bytes": 0}
            return shown == wanted

        eventually(is_settled, "the backend as it is")
        disabled = {"enabled": False, "psk": [psk_entry(devices[two], "k2")]}
        expired = {"psk": [psk_entry(devices[air], "k1"), psk_entry(key_for("x"), "k0", not_after="2020-01-01T00:00:00Z")]}
        masters = [{"id": "m1", "master": MASTER, "devices": "02:01:00:00:00:00/16"}]
        change_credentials(gate, {one: devices[one], two: disabled, air: expired}, derived=masters)
        (shown,) = admin.get("/v1/credentials")["credentials"]
        keys = {"active": 3, "expiring": 0, "expired": 1, "pending": 0, "revoked": 0}
        wanted = {"name": "fleet", "source": "file", "path": str(gate.credential_file), "devices": 3, "masters": 1}
        expect_equal({name: shown[name] for name in wanted}, wanted, "the credentials")
        expect_equal(shown["keys"], keys, "keys by state")
        eventually(lambda: admin.get("/v1/credentials")["credentials"][0]["sessions"] == 3, "three sessions are left")
        expect_equal(admin.get("/v1/status")["config"]["generation"], 2, "generation after a reload")


run(main)
