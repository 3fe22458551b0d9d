"""A key that is removed from the file ends the sessions it opened, at once, with BYE and the reason `revoked`.

Two TCP devices and two UDP devices have an old and a new key each, one of each kind is in with the old one, one with
the new one. The old key is removed: the sessions of the old key end, those of the new key go on without losing a
message. While it happens one device of the old key keeps sending: printed is how long after the change it was still
heard, and when its close record came.
"""

import threading
import time

from support.backend import Backend
from support.changes import TCP_AND_UDP, connect_udp, replace_credentials, wait_closed
from support.chatter import Chatter
from support.daemon import Gatehouse, psk_entry
from support.expect import expect, expect_equal, run
from support.fleet import device_name, key_for
from support.usmp_device import Closed

NAMES = OLD_TCP, NEW_TCP, OLD_UDP, NEW_UDP, TALKER = [device_name(number) for number in range(1, 6)]
SOON = 5.0  # seconds; what it takes on an idle machine is printed


def key(name, which):
    return key_for(f"{which} key of {name}")


def entries(*which):
    return {name: {"psk": [psk_entry(key(name, one), one) for one in which]} for name in NAMES}


class Watch(threading.Thread):
    """Notes when the backend had the last message of a session, and its close record."""

    def __init__(self, backend, session):
        super().__init__(daemon=True)
        self.backend, self.session = backend, session
        self.heard = self.closed = None
        self.known = 0

    def run(self):
        with self.backend.changed:
            while self.closed is None:
                self.backend.changed.wait(10.0)
                for record in self.backend.records[self.known :]:
                    if record.get("session") == self.session and record["type"] == "data":
                        self.heard = time.monotonic()
                    if record.get("session") == self.session and record["type"] == "close":
                        self.closed = time.monotonic()
                self.known = len(self.backend.records)


def talk_until_closed(device):
    try:
        while True:
            device.send(b"again")
            time.sleep(0.0005)
    except Closed:
        pass


def main():
    with Backend() as backend, Gatehouse(backend, entries("new", "old"), listeners=TCP_AND_UDP) as gate:
        old = [gate.connect(OLD_TCP, psk=key(OLD_TCP, "old")), connect_udp(gate, OLD_UDP, psk=key(OLD_UDP, "old"))]
        new = [gate.connect(NEW_TCP, psk=key(NEW_TCP, "new")), connect_udp(gate, NEW_UDP, psk=key(NEW_UDP, "new"))]
        talker = gate.connect(TALKER, psk=key(TALKER, "old"))
        sessions = {name: backend.opened(name)["session"] for name in NAMES}
        watch = Watch(backend, sessions[TALKER])
        watch.start()
        talking = threading.Thread(target=talk_until_closed, args=(talker,), daemon=True)
        talking.start()
        backend.wait_data(TALKER, 5)

        with Chatter(new[0]) as streaming, Chatter(new[1]) as datagrams:
            backend.wait_data(NEW_TCP, 5)
            begun = time.monotonic()
            replace_credentials(gate, entries("new"))
            for device in old:
                device.expect_bye()
                wait_closed(backend, sessions[device.device_id], "revoked")
            wait_closed(backend, sessions[TALKER], "revoked")
            count = len(backend.data(NEW_TCP))
            backend.wait_data(NEW_TCP, count + 5)
        watch.join(10.0)
        talking.join(10.0)
        heard, closed = 1000 * (watch.heard - begun), 1000 * (watch.closed - begun)
        print(f"last message {heard:.0f} ms after the change, close record after {closed:.0f} ms")
        expect(closed < 1000 * SOON, f"closed after {closed:.0f} ms only")

        streaming.check(backend)
        datagrams.check(backend)
        for device in new:
            device.ping()
        expect_equal({r["session"] for r in backend.select(type="close")},
                     {sessions[name] for name in (OLD_TCP, OLD_UDP, TALKER)}, "sessions that ended")
        expect(gate.device(OLD_TCP, psk=key(OLD_TCP, "old")).is_refused(), "the old key opens nothing any more")
        gate.connect(OLD_TCP, psk=key(OLD_TCP, "new")).ping()
        gate.wait_metric("gatehouse_sessions_closed_total", 2, listener="fleet", reason="revoked")
        gate.wait_metric("gatehouse_sessions_closed_total", 1, listener="air", reason="revoked")


run(main)
