"""SIGTERM: a message that waits for its answer gets STATUS ERROR, devices in between two messages are let go, nobody gets
in any more, and the daemon exits with 0."""

from support.backend import Backend
from support.changes import wait_closed
from support.expect import eventually, expect, expect_equal, run
from support.upss_gate import DEVICE, ERROR, UpssGate


def connects(gate):
    try:
        gate.wire()
        return True
    except OSError:
        return False


def main():
    with Backend() as backend, UpssGate(backend, options={"turn_timeout": "1m"}) as gate:
        idle = gate.connected()
        idle.say("one")
        first = backend.opened(DEVICE, 1)["session"]
        backend.wait_for(type="data", session=first)
        backend.send_data(first, b"re one")
        expect_equal(idle.hear(), "re one", "an answer")
        waiting = gate.connected()
        waiting.say("two")
        second = backend.opened(DEVICE, 2)["session"]
        backend.wait_for(type="data", session=second)
        half = gate.upss_device().begin()

        gate.terminate()
        expect_equal(waiting.hear(), ERROR, "the answer in a drain")
        for device in (waiting, idle, half):
            expect(device.is_closed(), "every connection ends")
        for session in (first, second):
            wait_closed(backend, session, "shutdown")
        expect_equal(gate.wait_exit(), 0, "the exit")
        eventually(lambda: not connects(gate), "nobody gets in")


run(main)
