"""A program on a terminal of its own."""

import os
import pty
import select
import signal
import time


class OnTerminal:
    """Runs `arguments` with all standard streams on a pseudo terminal; `output` is what it wrote so far."""

    def __init__(self, arguments, environment=None):
        self.output = ""
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.execve(arguments[0], arguments, {**os.environ, "TERM": "xterm", **(environment or {})})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.descriptor)

    def read_until(self, text, timeout=15.0):
        deadline = time.monotonic() + timeout
        while text not in self.output:
            if time.monotonic() > deadline or not self._read():
                raise AssertionError(f"{text!r} did not come: {self.output!r}")
        return self.output

    def write(self, text):
        os.write(self.descriptor, text.encode())

    def signal(self, number):
        os.kill(self.pid, number)

    def wait(self, timeout=15.0):
        """Reads to the end; the exit status."""
        deadline = time.monotonic() + timeout
        while self._read() and time.monotonic() < deadline:
            pass
        _, status = os.waitpid(self.pid, 0)
        self.pid = None
        return os.waitstatus_to_exitcode(status)

    def _read(self):
        if not select.select([self.descriptor], [], [], 0.5)[0]:
            return True
        try:
            piece = os.read(self.descriptor, 65536)
        except OSError:
            return False
        self.output += piece.decode(errors="replace")
        return bool(piece)
