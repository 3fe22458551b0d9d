"""Reloads and commands on a store work when the system gives the daemon no thread any more, and signals still reach it.

The daemon runs as a user whose number of processes is limited below what there is, from the moment when it serves. It has as
many threads afterwards as before.
"""

import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile

from support import daemon
from support.admin import admin_of
from support.backend import Backend
from support.expect import eventually, expect_equal, run
from support.fleet import ONE, TWO, fleet, key_for
from support.own_start import OwnStart, threads_of

SOMEBODY = 54321  # no user of this machine: root may have as many threads as it likes
STORE = {"credentials": {"fleet": {"store": "sqlite:devices.db", "store_key": "file:seal.key"}}}


def as_somebody():
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(SOMEBODY, SOMEBODY, SOMEBODY)
        os.setresuid(SOMEBODY, SOMEBODY, SOMEBODY)


def as_its_user(do):
    child = os.fork()
    if child == 0:
        try:
            as_somebody()
            do()
            os._exit(0)
        finally:
            os._exit(1)
    expect_equal(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0, "what its user does")


def limit_threads(gate, soft):
    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    as_its_user(lambda: resource.prlimit(gate.process.pid, resource.RLIMIT_NPROC, (soft, hard)))


def give_away(gate, backend):
    """All that the daemon uses belongs to its user."""
    if os.geteuid() != 0:
        return
    for path in (gate.directory, *gate.directory.rglob("*"), pathlib.Path(backend.path), pathlib.Path(backend.path).parent):
        os.chown(path, SOMEBODY, SOMEBODY)


def own_binary():
    """Where anybody can run it."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-binary-"))
    folder.chmod(0o755)
    copy = folder / "gatehoused"
    shutil.copy(daemon.binary(), copy)
    os.environ["GATEHOUSED"] = str(copy)
    return folder


def can_make_a_thread():
    """Whether a process of that user may begin another one under such a limit."""

    def before():
        resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
        as_somebody()

    try:
        return subprocess.run(["/bin/sh", "-c", "/bin/true & wait"], preexec_fn=before, capture_output=True).returncode == 0
    except OSError:
        return False


def check(gate, admin):
    known = threads_of(gate.process.pid)
    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    limit_threads(gate, 1)
    expect_equal(can_make_a_thread(), False, "there can be more threads")
    device = gate.connect(ONE)
    expect_equal(admin.post("/v1/reload")["done"], True, "a reload")
    admin.post("/v1/devices", {"device": TWO, "key": {"secret": "hex:" + key_for(TWO).hex()}})
    admin.post("/v1/devices/" + TWO + "/disable")
    expect_equal(admin.post("/v1/export")["devices"], 2, "devices of an export")
    gate.signal(signal.SIGHUP)
    gate.wait_metric("gatehouse_config_reloads_total", lambda done: done >= 2, result="ok")
    device.ping()
    eventually(lambda: threads_of(gate.process.pid) == known, "the same threads as before")
    limit_threads(gate, hard)  # a sanitizer looks around at the exit, with a thread of its own
    gate.terminate()
    expect_equal(gate.wait_exit(), 0, "exit status")


def main():
    folder = own_binary()
    try:
        with Backend(echo=True) as backend:
            gate = OwnStart(backend, fleet(1), settings=STORE, before=as_somebody)
            daemon.write_secret(gate.directory / "seal.key", key_for("seal"))
            give_away(gate, backend)
            with gate:
                admin = admin_of(gate)
                admin.post("/v1/devices", {"device": ONE, "key": {"secret": "hex:" + key_for(ONE).hex()}})
                check(gate, admin)
    finally:
        shutil.rmtree(folder)


run(main)
