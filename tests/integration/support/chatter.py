"""A device that keeps talking while something happens to the daemon, and can prove that nothing of it was lost.

    with Chatter(device) as talk:
        ...
    talk.check(backend)
"""

import threading

from .expect import expect, expect_equal


class Chatter:
    """Sends "0", "1", ... from a thread until the block is left. TCP and UDP devices; a BYE is a failure."""

    def __init__(self, *devices, pause=0.002, most=100_000):
        self.devices = devices
        self.pause = pause
        self.most = most
        self.sent = 0
        self.failure = None
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._talk, daemon=True)

    def _talk(self):
        try:
            while not self.stopped.wait(self.pause) and self.sent < self.most:
                for device in self.devices:
                    device.send(b"%d" % self.sent)
                self.sent += 1
        except Exception as error:
            self.failure = error

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.stopped.set()
        self.thread.join(20.0)

    def check(self, backend):
        """Every message of every device, in order, once."""
        expect(self.failure is None, f"a device that nothing concerned was disturbed: {self.failure!r}")
        expect(self.sent > 0, "messages while it happened")
        wanted = [b"%d" % number for number in range(self.sent)]
        for device in self.devices:
            expect_equal(backend.wait_data(device.device_id, self.sent), wanted, f"messages of {device.device_id}")
