"""`enabled: false` ends a device's session at once and keeps it out; without it the device gets in again. TCP and UDP.

The backend is told `revoked`; the device that tries again learns no more than a stranger does. Others are not disturbed.
"""

from support.admin import admin_of
from support.backend import Backend
from support.changes import TCP_AND_UDP, change_credentials, connect_udp, wait_closed
from support.daemon import Gatehouse, device_entry
from support.expect import expect, expect_equal, run
from support.fleet import fleet


def main():
    devices = fleet(4)
    tcp, udp, other_tcp, other_udp = devices
    with Backend() as backend, Gatehouse(backend, devices, listeners=TCP_AND_UDP) as gate:
        inside = [gate.connect(tcp), connect_udp(gate, udp)]
        others = [gate.connect(other_tcp), connect_udp(gate, other_udp)]
        disabled = {name: {"enabled": False, **device_entry(devices[name])} for name in (tcp, udp)}
        change_credentials(gate, {**devices, **disabled})
        for device in inside:
            device.expect_bye()
            wait_closed(backend, backend.opened(device.device_id)["session"], "revoked")
        expect(gate.device(tcp, psk=devices[tcp]).is_refused(), "a disabled device is refused")
        again = gate.datagram_device(udp, psk=devices[udp], port=gate.ports["air"], transmissions=2, timeout=1.0)
        expect(again.is_refused(), "a disabled device is refused over UDP")
        expect_equal(admin_of(gate).get(f"/v1/devices/{tcp}")["enabled"], False, "enabled, for the operator")

        change_credentials(gate, devices)
        gate.connect(tcp).ping()
        connect_udp(gate, udp).ping()
        for device in others:
            device.ping()
        expect_equal(len(backend.select(type="close")), 2, "sessions that ended")
        expect_equal(admin_of(gate).get(f"/v1/devices/{tcp}")["enabled"], True, "enabled again")


run(main)
