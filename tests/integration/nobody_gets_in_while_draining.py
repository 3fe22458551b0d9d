"""While the daemon drains, /readyz answers 503 and new devices are refused; what is queued is still delivered.

The backend does not read, so the drain has to wait. New connections do not become sessions, live ones got BYE. When the
backend reads again, every message arrives, and the daemon exits with 0.
"""

from support.backend import Backend, payload_of
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, TWO, fleet
from support.stuck import MESSAGES, OPTIONS, drain, fill_queue


def main():
    with Backend() as backend, Gatehouse(backend, fleet(2), backend_options=OPTIONS) as gate:
        device = gate.connect(ONE)
        session = backend.opened(ONE)["session"]
        fill_queue(gate, backend, device)
        drain(gate)
        device.expect_bye()
        expect_equal(gate.get("/livez")[0], 200, "/livez while draining")
        expect(gate.device(TWO).is_refused(), "a new device is refused while draining")
        expect(gate.is_running(), "the daemon waits for its backend")

        backend.resume()
        expect_equal(gate.wait_exit(), 0, "exit code")
        records = backend.wait_for(MESSAGES, type="data", device=ONE)
        numbers = [int.from_bytes(payload_of(record)[:4], "little") for record in records]
        expect_equal(numbers, list(range(MESSAGES)), "numbers of the messages")
        expect_equal(backend.closed(session)["reason"], "shutdown", "reason of the close record")
        expect_equal(backend.select(device=TWO), [], "records about the new device")


run(main)
