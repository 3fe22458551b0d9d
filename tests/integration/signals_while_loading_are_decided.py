"""Signals that come while the daemon still reads its files: SIGTERM, SIGINT and SIGQUIT end it with 0, and nothing was bound or
removed; SIGHUP is a reload after the start; the others change nothing.

The configuration is a FIFO, so that the daemon is held while it reads. It is also started by a parent that blocks all
signals and ignores SIGTERM, as some supervisors do: that changes nothing.
"""

import os
import signal

from support.backend import Backend
from support.expect import eventually, expect, expect_equal, run
from support.fleet import ONE, fleet
from support.own_start import OwnStart, catches

HARMLESS = (signal.SIGPIPE, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGXCPU, signal.SIGXFSZ, signal.SIGRTMIN)


def hostile_parent():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())


def hold(gate):
    """Puts a FIFO where the configuration is, and starts the daemon up to the point where it reads it."""
    gate.wait_ready = False
    gate.kept = gate.config_file.with_suffix(".kept")
    gate.config_file.rename(gate.kept)
    os.mkfifo(gate.config_file)
    gate.start()
    eventually(lambda: catches(gate.process.pid, signal.SIGHUP), "it decides about its signals", 20.0)


def let_go(gate):
    """The daemon reads the configuration; from then on the file is there."""
    writing = eventually(lambda: open_writing(gate.config_file), "the daemon reads its configuration", 20.0)
    text = gate.kept.read_bytes()
    os.rename(gate.kept, gate.config_file)
    with os.fdopen(writing, "wb") as fifo:
        fifo.write(text)
    eventually(gate._is_ready, "the daemon says that it is ready", 20.0)


def open_writing(path):
    try:
        return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return None


def check_end(number, before):
    with Backend() as backend:
        gate = OwnStart(backend, fleet(1), before=before)
        left = gate.directory / "admin.sock"
        try:
            left.write_text("not ours")
            hold(gate)
            gate.signal(number)
            expect_equal(gate.wait_exit(), 0, f"exit status after {number!r}")
            expect_equal(left.read_text(), "not ours", "what stands where its socket would be")
        finally:
            gate._cleanup(False)


def check_hang_up(before):
    with Backend(echo=True) as backend:
        gate = OwnStart(backend, fleet(1), before=before)
        try:
            hold(gate)
            for number in (signal.SIGHUP, *HARMLESS, signal.SIGHUP):
                gate.signal(number)
            expect(gate.is_running(), "it goes on")
            let_go(gate)
            gate.wait_metric("gatehouse_config_reloads_total", 1, result="ok")
            gate.connect(ONE).ping()
            gate._stop()
        except BaseException:
            gate.print_log_tail()
            raise
        finally:
            gate._cleanup(False)


def main():
    for before in (None, hostile_parent):
        check_hang_up(before)
        check_end(signal.SIGTERM, before)
    check_end(signal.SIGINT, None)
    check_end(signal.SIGQUIT, None)


run(main)
