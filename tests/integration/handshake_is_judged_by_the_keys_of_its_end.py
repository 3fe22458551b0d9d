"""A key that is removed between a device's hello and its proof opens nothing; one that is added meanwhile does.

TCP and UDP. The device has got its challenge when the file changes, and proves the key afterwards.
"""

from support.backend import Backend
from support.changes import TCP_AND_UDP, change_credentials
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet
from support.usmp_datagram_device import Undelivered
from support.usmp_device import Closed


def begin(device):
    device.open()
    device.send_hello()
    device.read_challenge()
    return device


def finish(device):
    """True if it got in."""
    try:
        device.send_hello_ack()
        device.read_session_ok()
    except (Closed, Undelivered):
        return False
    return True


def main():
    devices = fleet(4)
    gone_tcp, gone_udp, new_tcp, new_udp = devices
    first = {name: devices[name] for name in (gone_tcp, gone_udp)}
    then = {name: devices[name] for name in (new_tcp, new_udp)}
    with Backend() as backend, Gatehouse(backend, first, listeners=TCP_AND_UDP) as gate:
        streams = [begin(gate.device(name, psk=devices[name])) for name in (gone_tcp, new_tcp)]
        port = gate.ports["air"]
        datagrams = [
            begin(gate.datagram_device(name, psk=devices[name], port=port, transmissions=2))
            for name in (gone_udp, new_udp)
        ]
        change_credentials(gate, then)
        for gone, new in (streams, datagrams):
            expect(not finish(gone), f"{gone.device_id} got in with a key that was removed")
            expect(finish(new), f"{new.device_id} did not get in with its key")
            new.ping()
        opened = {record["device"] for record in backend.wait_for(2, type="open")}
        expect_equal(opened, {new_tcp, new_udp}, "sessions that were opened")


run(main)
