"""A backend that stops reading is felt by the devices as missing acknowledgements; nothing is lost and nothing grows.

With `queue_limit: 64KiB` the backend stops reading and a device sends until a frame is not acknowledged any more. The
gateway's queue stays near the limit and the session stays. When the backend reads again, the device's transmissions
are acknowledged, and every message arrives exactly once and in order.
"""

import struct

from support import usmp_wire as wire
from support.backend import Backend, payload_of
from support.daemon import UDP, Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import ONE, fleet

LIMIT = 64 * 1024
AT_MOST = 20000
FILLER = bytes(440)
QUEUED = "gatehouse_backend_queued_bytes"


def next_frame(device, number):
    return device.channel.seal(wire.DATA, struct.pack("<I", number) + FILLER)


def main():
    options = {"queue_limit": "64KiB"}
    with Backend() as backend, Gatehouse(backend, fleet(1), backend_options=options, listener=UDP) as gate:
        device = gate.connect_datagram(ONE)
        backend.opened(ONE)
        backend.pause()
        frame, count = next_frame(device, 0), 1
        while device.is_acknowledged(frame, 0.7):
            expect(count < AT_MOST, f"{AT_MOST} messages were acknowledged although the backend does not read")
            frame, count = next_frame(device, count), count + 1
        queued = gate.metric(QUEUED, backend="telemetry")
        expect(queued <= 4 * LIMIT, f"queued bytes: {queued}, with a limit of {LIMIT}")
        gate.wait_metric("gatehouse_sessions", 1, listener="fleet")

        backend.resume()
        eventually(lambda: device.is_acknowledged(frame, 0.3), "the frame is acknowledged when sent again")
        device.send(struct.pack("<I", count) + FILLER)
        records = backend.wait_for(count + 1, type="data", device=ONE)
        numbers = [struct.unpack_from("<I", payload_of(record))[0] for record in records]
        expect_equal(numbers, list(range(count + 1)), "numbers of the messages")
        gate.wait_metric(QUEUED, 0, backend="telemetry")


run(main)
