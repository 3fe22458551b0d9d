"""A device of 0.4.7 or 0.5 that does with the gateway's frames what the Python client of those releases does.

It acknowledges each frame as it comes, before anybody has looked into it, and keeps it. `recv` opens what was kept,
one frame after the other; each must be the next one, and only what was opened is known again. So a repetition that
comes while the first copy still waits (because a frame of the device's own is out, or nobody calls `recv`) is a frame
out of order later, and the device is dead.
"""

import time

from . import usmp_wire as wire
from .usmp_datagram_device import DatagramDevice
from .usmp_device import Bye, TimedOut
from .usmp_wire import Violation


class StockDatagramDevice(DatagramDevice):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        if self.generation.proves_acks:
            raise ValueError("later releases know repetitions as they come")
        self.unread = []
        self.next_to_open = 0

    def _on_frame(self, frame, sock):
        if self.channel is None or frame.kind < wire.DATA:
            super()._on_frame(frame, sock)
            return
        self.send_raw(self.ack_for(frame), sock)
        if frame.seq >= self.next_to_open:
            self.unread.append(frame)

    def _read(self):
        frame = self.unread.pop(0)
        if frame.seq != self.next_to_open:
            raise Violation(f"sequence mismatch: expected {self.next_to_open}, got {frame.seq}")
        plaintext = self.channel.decrypt(frame)
        self.next_to_open += 1
        self._obey(frame.kind, plaintext)

    def _wait(self, condition, timeout, what):
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            while self.unread and not condition():
                self._read()
            while self.owed_pongs and not self.said_bye:
                self.owed_pongs -= 1
                self.deliver(self.channel.seal(wire.PONG))
            if condition():
                return
            if self.said_bye:
                raise Bye("the gateway said BYE")
            if not self.pump(lambda: self.unread, max(0.0, deadline - time.monotonic())):
                raise TimedOut(f"{self.device_id}: no {what} in time")
