"""The backend hears of a device when it is proven, not before.

A device stops after its HELLO and after its CHALLENGE while another one passes: only the other one's open record is
there. When the first one proves itself, its open record follows.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import ONE, TWO, fleet


def main():
    with Backend() as backend, Gatehouse(backend, fleet(2)) as gate:
        device = gate.device(ONE).open()
        device.send_hello()
        device.read_challenge()
        gate.connect(TWO)
        backend.opened(TWO)
        expect_equal(backend.select(device=ONE), [], "records about a device that is not proven")
        expect_equal(gate.metric("gatehouse_sessions", listener="fleet"), 1, "sessions")
        device.send_hello_ack()
        device.read_session_ok()
        backend.opened(ONE)
        gate.wait_metric("gatehouse_sessions", 2, listener="fleet")


run(main)
