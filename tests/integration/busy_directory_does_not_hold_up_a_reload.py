"""Credentials are loaded soon also when other files of the same directory change all the time.

Beside the credential file another process writes a file every few milliseconds, as a log or a metrics file would be. The
credential file changes: the new device gets in, and what the other one writes is no reason to reload.
"""

import threading
import time

from support.backend import Backend
from support.changes import GENERATION, replace_credentials
from support.daemon import Gatehouse
from support.expect import eventually, expect_equal, run
from support.fleet import ONE, TWO, fleet

SOON = 2.0


def scribble(path, stopped):
    while not stopped.is_set():
        path.write_text("noise")
        time.sleep(0.003)


def main():
    devices = fleet(2)
    stopped = threading.Event()
    with Backend() as backend, Gatehouse(backend, {ONE: devices[ONE]}) as gate:
        noise = gate.credential_file.with_name("noise")
        writer = threading.Thread(target=scribble, args=(noise, stopped), daemon=True)
        writer.start()
        try:
            eventually(noise.exists, "the noise has begun")
            generation = gate.metric(GENERATION)
            replace_credentials(gate, devices)
            eventually(lambda: gate.metric(GENERATION) == generation + 1, "the change is loaded", SOON)
            gate.connect(TWO).ping()
            expect_equal(gate.metric(GENERATION), generation + 1, "one change is one reload")
        finally:
            stopped.set()
            writer.join()


run(main)
