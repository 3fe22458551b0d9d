"""When nobody reads standard error, the daemon serves on and still ends at SIGTERM.

Standard error is a pipe that is full before the daemon starts and that nobody reads. A device works, and SIGTERM ends
the daemon with exit 0.
"""

import fcntl
import os
import signal
import subprocess
import time

from support.backend import Backend
from support.daemon import Gatehouse, binary
from support.expect import expect_equal, run
from support.fleet import fleet

F_SETPIPE_SZ = 1031


def full_pipe():
    reading, writing = os.pipe()
    fcntl.fcntl(writing, F_SETPIPE_SZ, 4096)
    os.set_blocking(writing, False)
    try:
        while True:
            os.write(writing, bytes(1024))
    except BlockingIOError:
        os.set_blocking(writing, True)
    return reading, writing


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1)) as gate:
        configuration = gate.config_file
        gate.terminate()
        gate.wait_exit()
        reading, writing = full_pipe()
        daemon = subprocess.Popen([binary(), "--config", configuration], stdin=subprocess.DEVNULL, stderr=writing)
        os.close(writing)
        deadline = time.monotonic() + 10.0
        while True:
            try:
                if gate.get("/readyz")[0] == 200:
                    break
            except OSError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.02)
        daemon.send_signal(signal.SIGTERM)
        expect_equal(daemon.wait(10.0), 0, "exit status")
        os.close(reading)


run(main)
