"""A wall clock that a test can set: the daemon's own, not the machine's.

    with SteppedClock() as clock, Backend() as backend, Gatehouse(backend, devices) as gate:
        clock.set(3600)  # the daemon's clock is an hour ahead
"""

import os
import pathlib
import struct
import tempfile

from .daemon import binary
from .expect import expect


class SteppedClock:
    def __init__(self):
        self.library = pathlib.Path(binary()).parents[1] / "lib" / "stepped_clock.so"
        self.file = tempfile.NamedTemporaryFile(prefix="gatehouse-clock-")

    def set(self, seconds):
        self.file.seek(0)
        self.file.write(struct.pack("=q", int(seconds * 1e9)))
        self.file.flush()

    def __enter__(self):
        expect(self.library.exists(), f"{self.library} is built")
        self.set(0)
        # The address sanitizer wants to be the first library, for what it does not need here.
        asan = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0"]))
        os.environ.update(STEPPED_CLOCK=self.file.name, LD_PRELOAD=str(self.library), ASAN_OPTIONS=asan)
        return self

    def __exit__(self, *_):
        del os.environ["LD_PRELOAD"]
        self.file.close()
