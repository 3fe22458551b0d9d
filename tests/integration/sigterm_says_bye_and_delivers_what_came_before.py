"""SIGTERM ends all sessions in the protocol's own way and loses nothing that was sent before it.

Devices of several generations on two workers send 200 messages each, all at once, and the daemon gets SIGTERM right
after: every device gets BYE, the backend has all messages and close records with reason `shutdown`, and the daemon
exits with 0.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import ALL_GENERATIONS, fleet

NAMES = ("A", "C", "D1", "D2", "D3", "D3", "D3", "D3")
MESSAGES = [b"message %d" % number for number in range(200)]


def main():
    devices = fleet(len(NAMES))
    with Backend() as backend, Gatehouse(backend, devices, usmp=ALL_GENERATIONS) as gate:
        connected = [gate.connect(device_id, name) for device_id, name in zip(devices, NAMES)]
        bursts = [b"".join(f for m in MESSAGES for f in device.channel.seal_message(m)) for device in connected]
        for device, burst in zip(connected, bursts):
            device.send_raw(burst)
        gate.terminate()
        for device in connected:
            expect_equal(device.expect_bye(), [], f"messages to {device.device_id}")
        expect_equal(gate.wait_exit(), 0, "exit code")
        for device in connected:
            session = backend.opened(device.device_id)["session"]
            expect_equal(backend.closed(session)["reason"], "shutdown", f"reason for {device.device_id}")
            expect_equal(backend.data(device.device_id), MESSAGES, f"messages of {device.device_id}")
        expect_equal(len(gate.log_records("draining")), 1, "log records about draining")
        expect_equal(len(gate.log_records("stopped")), 1, "log records about the end")


run(main)
