"""In what the releases differ over UDP: how long a frame waits for its UTACK, and which sequence numbers are taken."""

WINDOW = 64


class FixedClock:
    """500 ms for every transmission: all releases up to 1.1, and the ESP32 always."""

    def timeout(self, transmission):
        return 0.5

    def sample(self, took):
        pass


class HurriedClock(FixedClock):
    """No real device's: for tests that wait for a device to give up."""

    def timeout(self, transmission):
        return 0.15


class AdaptiveClock:
    """1.2: measured round trips, doubled with each transmission."""

    def __init__(self):
        self.smoothed, self.deviation, self.base = 0.2, 0.1, 0.5

    def timeout(self, transmission):
        return min(5.0, self.base * 2**transmission)

    def sample(self, took):
        self.deviation += (abs(self.smoothed - took) - self.deviation) / 4
        self.smoothed += (took - self.smoothed) / 8
        self.base = min(5.0, max(0.1, self.smoothed + 4 * self.deviation))


class StrictOrder:
    """0.4.7 and 0.5: each frame must be the next one."""

    def __init__(self):
        self.next = 0

    def admits(self, seq):
        return seq == self.next

    def mark(self, seq):
        self.next = seq + 1


class ReplayWindow:
    """0.6 and later: each of the last 64 sequence numbers once, in any order."""

    def __init__(self):
        self.highest, self.seen = 0, set()

    def admits(self, seq):
        return seq > self.highest or (self.highest - seq < WINDOW and seq not in self.seen)

    def mark(self, seq):
        self.highest = max(self.highest, seq)
        self.seen = {number for number in self.seen | {seq} if self.highest - number < WINDOW}
