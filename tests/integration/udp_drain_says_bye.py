"""SIGTERM ends UDP sessions with BYE, loses nothing that was acknowledged, and the daemon exits with 0.

Devices of C, D1, D2 and D3 on four workers get BYE; one that never acknowledges it, and one whose handshake is not
finished, do not hold the exit up. What was acknowledged is at the backend, close records say `shutdown`, and nobody
gets in any more.
"""

import time

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet

NAMES = ("C", "D1", "D2", "D3")
ADMITTED = {"generations": ["2", "1-bound"]}
MESSAGES = [b"message %d" % number for number in range(20)]
LATEST = 15.0


def main():
    devices = fleet(len(NAMES) + 2)
    *names, deaf_id, slow_id = devices
    with Backend() as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP, workers=4) as gate:
        connected = [gate.connect_datagram(device_id, name) for device_id, name in zip(names, NAMES)]
        deaf = gate.connect_datagram(deaf_id)
        deaf.acknowledges = lambda kind: False
        slow = gate.datagram_device(slow_id).open()
        slow.send_hello()
        for device in connected:
            for message in MESSAGES:
                device.send(message)
        begun = time.monotonic()
        gate.terminate()
        for device in connected:
            expect_equal(device.expect_bye(), [], f"messages to {device.device_id}")
        expect_equal(gate.wait_exit(), 0, "exit code")
        lasted = time.monotonic() - begun
        expect(lasted < LATEST, f"the exit took {lasted:.1f} s")
        for device in [*connected, deaf]:
            session = backend.opened(device.device_id)["session"]
            expect_equal(backend.closed(session)["reason"], "shutdown", f"reason for {device.device_id}")
        for device in connected:
            got = backend.wait_data(device.device_id, len(MESSAGES))
            expect_equal(got, MESSAGES, f"messages of {device.device_id}")
        expect_equal(backend.select(device=slow_id), [], "records about the device that was not proven")


run(main)
