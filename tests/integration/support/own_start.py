"""A daemon that is started in a way of the test's own: what runs in its process before the program, where, with which
standard error. Also: what the system says of a process.

    with OwnStart(backend, fleet(1), before=close_standard_streams) as gate:
"""

import ctypes
import os
import pathlib
import re
import signal
import subprocess

from .daemon import START_LIMIT, Gatehouse, binary
from .expect import eventually

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def die_with_parent():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class OwnStart(Gatehouse):
    """`before()` runs in the new process; `named` is what --config names; `errors` is its standard error, a file or
    descriptor; without them all is as in Gatehouse. `wait_ready=False` returns at once."""

    def __init__(self, *arguments, before=None, cwd=None, named=None, errors=None, wait_ready=True, **more):
        super().__init__(*arguments, **more)
        self.before, self.cwd, self.named, self.errors, self.wait_ready = before, cwd, named, errors, wait_ready

    def start(self):
        def prepare():
            die_with_parent()
            if self.before:
                self.before()

        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [os.path.abspath(binary()), "--config", str(self.named or self.config_file)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log if self.errors is None else self.errors,
                cwd=self.cwd,
                preexec_fn=prepare,
                restore_signals=False,
            )
        if self.wait_ready:
            eventually(self._is_ready, "the daemon says that it is ready", START_LIMIT)
        return self


def status_field(pid, name):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return re.search(rf"^{name}:\s+(.*)$", text, re.MULTILINE).group(1)


def catches(pid, number):
    """Has the process a handler for this signal?"""
    return bool(int(status_field(pid, "SigCgt"), 16) >> (number - 1) & 1)


def threads_of(pid):
    return set(os.listdir(f"/proc/{pid}/task"))
