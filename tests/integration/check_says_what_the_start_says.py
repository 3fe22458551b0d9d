"""What `--check` accepts, starts; what it refuses, does not start, with the same words: FILE:LINE:COL, what is wrong, what would be right.

Addresses that are not this machine's, IPv4 in the form of IPv6, the metrics port beside a listener, an unknown group, missing
directories for the administration sockets and the audit log, paths that are something else, backends' sockets, key files that
are missing. And what the kernel allows is accepted by both: a wildcard beside one of its addresses, a store that is yet to be
made.
"""

import os
import pathlib
import signal
import subprocess
import tempfile

from support.check import COMPLAINT, CONFIG, CREDENTIALS
from support.daemon import binary, run_program, write_secret
from support.expect import eventually, expect, expect_equal, run
from support.ports import free_port

LISTENER = 'bind: "127.0.0.1:0"\n    cred'
METRICS = 'metrics: {bind: "127.0.0.1:0"}'
ADMIN = "admin: {socket: admin.sock}"
SECOND = (
    '    backend: telemetry\n  - {name: second, bind: "%s", transport: %s, credentials: fleet, backend: telemetry}\n'
)
PORT = free_port()

# What is changed in the good configuration, what the complaint points at, and words that it must have.
BAD = [
    ((LISTENER, 'bind: "192.0.2.77:0"\n    cred'), '"192.0.2.77:0"', ["192.0.2.77", "address of this machine"]),
    ((LISTENER, 'bind: "[::ffff:127.0.0.1]:9000"\n    cred'), '"[::ffff:127', ["IPv6", '"127.0.0.1:9000"']),
    ((METRICS, 'metrics: {bind: "192.0.2.77:0"}'), '"192.0.2.77:0"', ["192.0.2.77"]),
    ((METRICS, 'metrics: {bind: "[::ffff:127.0.0.1]:1"}'), '"[::ffff:127', ["127.0.0.1:1"]),
    ((ADMIN, "admin: {socket: admin.sock, group: nobody-has-this}"), "nobody-has-this", ["group", "groupadd"]),
    ((ADMIN, "admin: {socket: missing/admin.sock}"), "missing/admin.sock", ["missing", "No such file"]),
    ((ADMIN, "admin: {socket: fleet.yaml/admin.sock}"), "fleet.yaml/admin", ["fleet.yaml", "no directory"]),
    ((ADMIN, "admin: {socket: fleet.yaml}"), "fleet.yaml}", ["no socket"]),
    ((ADMIN, "admin: {socket: backend.sock}"), "backend.sock}\n", ["backend", "telemetry"]),
    ((ADMIN, "admin: {socket: " + "x" * 107 + "}"), "x" * 107, ["107 bytes"]),
    ((ADMIN, "admin: {socket: admin.sock, audit: missing/audit.log}"), "missing/audit", ["audit", "No such file"]),
    ((ADMIN, "admin: {socket: admin.sock, audit: folder}"), "folder}", ["audit", "not a regular file"]),
    ((ADMIN, "admin: {socket: admin.sock, audit: ./admin.sock}"), "./admin.sock", ["audit", "administration socket"]),
    ((ADMIN, "admin: {socket: admin.sock, read_only: {socket: missing/m.sock}}"), "missing/m", ["missing"]),
    ((ADMIN, "admin: {socket: admin.sock, read_only: {socket: ./admin.sock}}"), "{socket: ./admin", ["of its own"]),
    ((ADMIN, "admin: {socket: admin.sock, read_only: {socket: m.sock, group: nobody-has-this}}"), "nobody-has", ["group"]),
]
GOOD = [
    ("    backend: telemetry\n", SECOND % (f"0.0.0.0:{PORT}", "tcp")),
    ("    backend: telemetry\n", SECOND % (f"[::]:{PORT}", "tcp")),
    (ADMIN, "admin: {socket: admin.sock, audit: audit.log, read_only: {socket: m.sock, group: root}}"),
    ("fleet: {file: fleet.yaml}", 'fleet: {store: "sqlite:new.db", store_key: "file:seal.key"}'),
]
BAD_STORES = [
    ('fleet: {store: "sqlite:new.db", store_key: "file:missing.key"}', ["missing.key"]),
    ('fleet: {store: "sqlite:new.db", store_key: "file:fleet.yaml"}', ["the key of the store"]),
    ('fleet: {store: "sqlite:missing/new.db", store_key: "file:seal.key"}', ["missing"]),
]


def prepare(directory, config):
    folder = pathlib.Path(directory)
    (folder / "folder").mkdir()
    (folder / "gatehouse.yaml").write_text(config)
    write_secret(folder / "fleet.yaml", CREDENTIALS)
    write_secret(folder / "seal.key", os.urandom(32))
    return folder / "gatehouse.yaml"


def place_of(config, marker):
    before = config[: config.rindex(marker)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def changed(old, new):
    expect(old in CONFIG, f"the good configuration has {old!r}")
    return CONFIG.replace(old, new, 1)


def expect_both_refuse(config, words, place=None):
    with tempfile.TemporaryDirectory(prefix="gatehouse-check-") as directory:
        file = prepare(directory, config)
        checked = run_program("--check", "--config", file)
        started = run_program("--config", file)
        expect_equal((checked.returncode, started.returncode), (1, 1), f"exit codes of {words}: {checked.stderr}")
        expect_equal(started.stderr, checked.stderr, "what the start says")
        found = COMPLAINT.search(checked.stderr)
        expect(found, f"FILE:LINE:COL: {checked.stderr!r}")
        for word in words:
            expect(word in found["text"], f"{word!r} is said: {checked.stderr!r}")
        if place:
            expect_equal((int(found["line"]), int(found["column"])), place, f"where {words}: {checked.stderr!r}")
        left = sorted(path.name for path in pathlib.Path(directory).iterdir())
        expect_equal(left, ["fleet.yaml", "folder", "gatehouse.yaml", "seal.key"], "nothing was made")


def expect_both_accept(config):
    with tempfile.TemporaryDirectory(prefix="gatehouse-check-") as directory:
        file = prepare(directory, config)
        checked = run_program("--check", "--config", file)
        expect(checked.returncode == 0 and checked.stderr.endswith(f"{file}: ok\n"), f"the check: {checked.stderr}")
        expect(not (pathlib.Path(directory) / "new.db").exists(), "the check makes nothing")
        with subprocess.Popen([binary(), "--config", file], stderr=subprocess.PIPE, text=True) as daemon:
            try:
                eventually(lambda: (pathlib.Path(directory) / "admin.sock").exists(), "the daemon serves", 20.0)
                expect(daemon.poll() is None, "the daemon runs")
            finally:
                daemon.send_signal(signal.SIGTERM)
                _, said = daemon.communicate(timeout=20.0)
            expect_equal(daemon.returncode, 0, f"the daemon's exit: {said}")
            expect(" started " in said, f"the daemon started: {said}")
        if "new.db" in config:
            expect((pathlib.Path(directory) / "new.db").exists(), "the start makes the store")
            again = run_program("--check", "--config", file)
            expect_equal(again.returncode, 0, f"the check of the store that is there: {again.stderr}")


def main():
    for (old, new), marker, words in BAD:
        config = changed(old, new)
        expect_both_refuse(config, words, place_of(config, marker))
    for store, words in BAD_STORES:
        expect_both_refuse(changed("fleet: {file: fleet.yaml}", store), words)
    config = changed(LISTENER, f'bind: "127.0.0.1:{PORT}"\n    cred')
    for address in ("127.0.0.1", "0.0.0.0", "[::]"):
        both = config.replace(METRICS, f'metrics: {{bind: "{address}:{PORT}"}}')
        expect_both_refuse(both, ["bound in line 6 already"], place_of(both, f'"{address}:{PORT}"}}'))
    for old, new in GOOD:
        expect_both_accept(config.replace(old, new, 1))
    for udp in ("0.0.0.0", "127.0.0.1", "[::]"):
        over_udp = config.replace("    backend: telemetry\n", SECOND % (f"{udp}:{PORT}", "udp"), 1)
        expect_both_accept(over_udp)


run(main)
