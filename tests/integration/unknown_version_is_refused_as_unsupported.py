"""A HELLO with a version byte that no release has ever sent is refused as `unsupported`, and the log names the version.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1)) as gate:
        device = gate.device(ONE).open()
        peer = device.local
        device.send_raw(wire.build_frame(7, wire.HELLO, 0, bytes(6) + device.public))
        expect_equal(device.expect_closed(), [], "answer of the gateway")
        gate.wait_handshakes("unsupported", 1)
        record = gate.wait_log_record("handshake refused", peer=peer)
        expect_equal(record["reason"], "unsupported", "reason in the log")
        expect("7" in record.get("detail", ""), f"the log names the version: {record}")


run(main)
