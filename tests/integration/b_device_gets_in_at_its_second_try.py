"""A 0.3 device, which cannot be told from a 0.2 one before SESSION_OK, gets in at its second try.

An A device gets its 4-byte session id at once. A B device finds a SESSION_OK of the wrong length, closes at once, as
the real one does, tries again, and now gets 16 bytes; from then on it gets in at every first try. The same memory
flips back when an A device takes over the device id. The backend hears of sessions in which the device spoke, and of
those of a device that has spoken before.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, expect_raises, run
from support.fleet import ALL_GENERATIONS, ONE, TWO, fleet
from support.hostile import expect_alive
from support.usmp_wire import Violation


def refuses_session_ok(gate, device_id, generation, closed):
    """The device authenticates, dislikes the length and closes; waits until the gateway has seen that."""
    error = expect_raises(Violation, gate.device(device_id, generation).connect)
    expect("bytes instead of" in str(error), f"the device refuses the length, not: {error}")
    gate.wait_metric("gatehouse_sessions_closed_total", closed, listener="fleet", reason="eof")


def talks(gate, backend, device_id, generation, nth):
    device = gate.connect(device_id, generation)
    expect_alive(device)
    device.bye()
    backend.closed(backend.opened(device_id, nth)["session"])


def main():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(2), usmp=ALL_GENERATIONS) as gate:
        talks(gate, backend, ONE, "A", 1)
        refuses_session_ok(gate, TWO, "B", 1)
        talks(gate, backend, TWO, "B", 1)
        talks(gate, backend, TWO, "B", 2)
        talks(gate, backend, TWO, "C0", 3)
        talks(gate, backend, ONE, "A", 2)
        refuses_session_ok(gate, TWO, "A", 2)
        expect_equal(backend.closed(backend.opened(TWO, 4)["session"])["reason"], "eof", "reason of the close record")
        talks(gate, backend, TWO, "A", 5)


run(main)
