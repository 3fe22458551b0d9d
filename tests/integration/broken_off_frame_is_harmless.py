"""A device that vanishes in the middle of a frame, or between the fragments of a message, leaves nothing behind.

The session closes with reason `eof`, the whole messages before it are delivered, the half one is not, no frame is
counted as rejected, and other devices notice nothing. The same for a connection that is reset.
"""

import socket
import struct

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import fleet
from support.hostile import REJECTED


def half_frame(device):
    device.send_raw(device.channel.seal(wire.DATA, b"never whole")[:25])
    device.close()


def half_header(device):
    device.send_raw(device.channel.seal(wire.DATA, b"never whole")[:5])
    device.close()


def half_message(device):
    device.send_raw(device.channel.seal_message(bytes(1000))[0])
    device.close()


def reset(device):
    device.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    device.close()


CASES = (half_frame, half_header, half_message, reset)


def main():
    devices = fleet(len(CASES) + 1)
    *leaving, staying = devices
    with Backend() as backend, Gatehouse(backend, devices) as gate:
        steady = gate.connect(staying)
        for device_id, leave in zip(leaving, CASES):
            device = gate.connect(device_id)
            device.send(b"whole")
            backend.wait_data(device_id, 1)
            leave(device)
            closed = backend.closed(backend.opened(device_id)["session"])
            expect_equal(closed["reason"], "eof", f"{leave.__name__}: reason of the close record")
            expect_equal(backend.data(device_id), [b"whole"], f"{leave.__name__}: messages")
            steady.ping()
        expect_equal(gate.metric(REJECTED, listener="fleet"), 0, "rejected frames")
        gate.wait_metric("gatehouse_sessions", 1, listener="fleet")


run(main)
