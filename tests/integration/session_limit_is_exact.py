"""`limits: {sessions: 5}` admits five sessions, not four and not six, however many workers share the work.

Twenty devices connect at once to a daemon with four workers: exactly five get in, the others are closed and counted as
`limited`. When one of the five leaves, exactly one other gets in.
"""

import concurrent.futures

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet
from support.usmp_device import Closed

LIMIT, DEVICES = 5, 20


def try_to_connect(gate, device_id):
    try:
        return gate.connect(device_id)
    except Closed:
        return None


def main():
    limits = {"sessions": LIMIT}
    with Backend() as backend, Gatehouse(backend, fleet(DEVICES), limits=limits, workers=4) as gate:
        with concurrent.futures.ThreadPoolExecutor(DEVICES) as pool:
            tried = list(pool.map(lambda name: try_to_connect(gate, name), gate.devices))
        inside = [device for device in tried if device]
        expect_equal(len(inside), LIMIT, "devices that got in")
        gate.wait_handshakes("limited", DEVICES - LIMIT)
        gate.wait_metric("gatehouse_sessions", LIMIT, listener="fleet")
        for device in inside:
            device.ping()

        outside = [name for name in gate.devices if name not in {device.device_id for device in inside}]
        inside[0].bye()
        gate.wait_metric("gatehouse_sessions", LIMIT - 1, listener="fleet")
        gate.connect(outside[0]).ping()
        expect(gate.device(outside[1]).is_refused(), "the sixth device is refused again")
        gate.wait_handshakes("limited", DEVICES - LIMIT + 1)


run(main)
