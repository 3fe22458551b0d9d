"""A device that is removed from the file loses its session at once and is unknown from then on; over TCP and UDP.

The same for a device whose secret was changed under the same id: what counts is the secret. With the new one it gets
in. Other devices stay.
"""

from support.backend import Backend
from support.changes import TCP_AND_UDP, change_credentials, connect_udp, wait_closed
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet, key_for


def main():
    devices = fleet(6)
    gone_tcp, gone_udp, other_tcp, other_udp, stays_tcp, stays_udp = devices
    with Backend() as backend, Gatehouse(backend, devices, listeners=TCP_AND_UDP) as gate:
        inside = {name: gate.connect(name) for name in (gone_tcp, other_tcp, stays_tcp)}
        inside.update({name: connect_udp(gate, name) for name in (gone_udp, other_udp, stays_udp)})
        sessions = {name: backend.opened(name)["session"] for name in devices}

        left = {name: key for name, key in devices.items() if name not in (gone_tcp, gone_udp)}
        change_credentials(gate, left)
        for name in (gone_tcp, gone_udp):
            inside[name].expect_bye()
            wait_closed(backend, sessions[name], "revoked")
        expect(gate.device(gone_tcp, psk=devices[gone_tcp]).is_refused(), "the removed device is refused")
        gate.wait_handshakes("unknown_device", 1)
        expect_equal(len(backend.select(type="close")), 2, "sessions that ended")

        change_credentials(gate, {**left, other_tcp: key_for("another"), other_udp: key_for("another")})
        for name in (other_tcp, other_udp):
            inside[name].expect_bye()
            wait_closed(backend, sessions[name], "revoked")
        expect(gate.device(other_tcp, psk=devices[other_tcp]).is_refused(), "the secret of before opens nothing")
        gate.connect(other_tcp).ping()
        connect_udp(gate, other_udp).ping()

        for name in (stays_tcp, stays_udp):
            inside[name].ping()
        expect_equal(len(backend.select(type="close")), 4, "sessions that ended")


run(main)
