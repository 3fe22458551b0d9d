"""`limits: {handshakes_per_second: 5}` refuses a burst of handshakes beyond the limit and lets devices in again later.

Thirty devices connect one after the other as fast as they can: some get in, most are closed and counted as `limited`;
nobody is lost from the count. A few seconds later a refused device gets in.
"""

import time

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet
from support.hostile import expect_alive
from support.usmp_device import Closed

BURST, LIMIT = 30, 5


def is_let_in(gate, device_id):
    try:
        device = gate.connect(device_id)
    except Closed:
        return None
    return device


def main():
    limits = {"handshakes_per_second": LIMIT}
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(BURST), limits=limits, workers=4) as gate:
        begun = time.monotonic()
        let_in = [name for name in gate.devices if is_let_in(gate, name)]
        lasted = time.monotonic() - begun
        most = 2 * LIMIT + LIMIT * lasted  # a burst of up to two seconds' worth, and what comes in meanwhile
        expect(1 <= len(let_in) <= most, f"{len(let_in)} of {BURST} got in within {lasted:.2f} s")
        gate.wait_handshakes("limited", BURST - len(let_in))
        expect_equal(gate.handshakes("ok"), len(let_in), "handshakes that succeeded")
        refused = next(name for name in gate.devices if name not in let_in)
        expect_alive(eventually(lambda: is_let_in(gate, refused), "a refused device gets in later", 5.0, 0.3))


run(main)
