"""No signal of signal(7) ends a daemon that serves, but for those that say so; no limit of setrlimit(2) does that has a soft value.

Signals that mean nothing here change nothing, a terminal does not stop the daemon, and SIGQUIT drains as SIGTERM does. Soft limits of
processor time and of the size of files are raised to the hard ones; a hard limit of processor time is named in the log.
Standard descriptors that are closed at the start are taken by nothing else, and no core file is written.
"""

import os
import pathlib
import resource
import signal

from support.backend import Backend
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet
from support.own_start import OwnStart, status_field

MEANINGLESS = [
    signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF, signal.SIGIO, signal.SIGPWR, signal.SIGSTKFLT,
    signal.SIGXCPU, signal.SIGXFSZ, signal.SIGPIPE, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGCHLD, signal.SIGURG,
    signal.SIGWINCH, signal.SIGCONT, *range(signal.SIGRTMIN, signal.SIGRTMAX + 1),
]
HARD_SECONDS = 3600


def tight():
    """Soft limits that would end it soon, and no standard streams."""
    resource.setrlimit(resource.RLIMIT_CPU, (1, HARD_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 10, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def without_streams():
    for descriptor in (0, 1, 2):
        os.close(descriptor)


def limits_of(pid):
    """{name: (soft, hard)} as text."""
    lines = pathlib.Path(f"/proc/{pid}/limits").read_text().splitlines()[1:]
    return {line[:26].strip(): tuple(line[26:].split()[:2]) for line in lines}


def check_limits(gate):
    shown = limits_of(gate.process.pid)
    expect_equal(shown["Max cpu time"], (str(HARD_SECONDS), str(HARD_SECONDS)), "processor time")
    expect_equal(shown["Max file size"], ("unlimited", "unlimited"), "size of files")
    expect_equal(shown["Max core file size"], ("0", "0"), "size of core files")
    expect_equal(shown["Max open files"][0], shown["Max open files"][1], "descriptors")
    warning = gate.wait_log_record("the kernel will end the daemon")
    expect_equal((warning["limit"], int(warning["value"])), ("RLIMIT_CPU", HARD_SECONDS), "what the log says")
    expect_equal(int(status_field(gate.process.pid, "SigBlk"), 16), 0, "signals that are blocked")


def check_signals(backend):
    with OwnStart(backend, fleet(1), before=tight) as gate:
        device = gate.connect(ONE)
        check_limits(gate)
        for number in MEANINGLESS:
            gate.signal(number)
        for _ in range(3):
            device.ping()
            expect_equal(gate.get("/readyz")[0], 200, "/readyz")
        expect(status_field(gate.process.pid, "State")[0] in "SR", "it is not stopped")
        gate.signal(signal.SIGQUIT)
        device.expect_bye()
        expect_equal(gate.wait_exit(), 0, "exit status after SIGQUIT")
        gate.start()
        gate.connect(ONE).ping()


def check_streams(backend):
    with OwnStart(backend, fleet(1), before=without_streams) as gate:
        folder = f"/proc/{gate.process.pid}/fd"
        try:
            taken = {number: os.readlink(f"{folder}/{number}") for number in (0, 1, 2)}
        except PermissionError:
            taken = {number: "/dev/null" for number in (0, 1, 2)}  # it keeps its memory private, and we are not root
        expect_equal(taken, {number: "/dev/null" for number in (0, 1, 2)}, "standard descriptors")
        device = gate.connect(ONE)
        for _ in range(3):
            device.ping()
        gate.wait_metric("gatehouse_log_lines_dropped_total", lambda lines: lines > 0)


def main():
    with Backend(echo=True) as backend:
        check_signals(backend)
        check_streams(backend)


run(main)
