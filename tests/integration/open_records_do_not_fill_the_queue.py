"""With `acknowledge: true`, devices that only connect do not use up the backend's queue: messages still get through.

With `queue_limit: 4KiB` and one worker, 60 devices (whose open records are far more than 4 KiB) connect to a backend
that acknowledges every message. All get in, all their messages arrive, and afterwards nothing is queued.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import fleet

DEVICES = 60


def main():
    names = fleet(DEVICES)
    options = {"queue_limit": "4KiB", "acknowledge": True}
    with Backend(ack="each") as backend, Gatehouse(backend, names, backend_options=options, workers=1) as gate:
        devices = [gate.connect(name) for name in names]
        for device in devices:
            device.send(b"here I am")
        records = backend.wait_for(DEVICES, 10.0, type="data")
        expect_equal(len({record["device"] for record in records}), DEVICES, "devices that were heard")
        gate.wait_metric("gatehouse_backend_queued_bytes", 0, backend="telemetry")


run(main)
