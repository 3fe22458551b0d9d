"""A gateway with several addresses answers from the one that it was asked at.

Bound to 0.0.0.0 it is asked at 127.0.0.1, 127.0.0.2 and 127.0.0.3; bound to [::], dual stack, at ::1 and at IPv4
addresses too. The whole session of each device - handshake, UTACKs, messages from the backend, BYE - comes from the
address that the device talks to; a device takes nothing else. An open record names IPv4 peers as such. A gateway that
is bound to one address of its own answers from that one.
"""

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import eventually, expect_equal, run
from support.fleet import ONE, fleet
from support.ports import free_port

BINDS = {
    "0.0.0.0:{}": ("127.0.0.1", "127.0.0.2", "127.0.0.3"),
    "[::]:{}": ("::1", "127.0.0.1", "127.0.0.2"),
    "127.0.0.2:{}": ("127.0.0.2",),
    "[::1]:{}": ("::1",),
}


def check(bind, hosts):
    port = free_port()
    devices = fleet(len(hosts))
    listener = {**UDP, "bind": bind.format(port)}
    with Backend(echo=True) as backend, Gatehouse(backend, devices, listener=listener) as gate:
        for device_id, host in zip(devices, hosts):
            device = gate.connect_datagram(device_id, port=port, host=host)
            record = backend.opened(device_id)
            expect_equal(record["peer"], device.local, f"{bind}: peer of a device that asked {host}")
            device.send(b"echo")
            expect_equal(device.recv(), b"echo", f"{bind}: echo from {host}")
            device.ping()
            backend.send({"type": "close", "session": record["session"]})
            device.expect_bye()
            expect_equal(device.strangers, [], f"{bind}: answers to {host} from elsewhere")


def check_asked_elsewhere():
    """A device goes on at another address of the gateway, of the other family even."""
    port = free_port()
    listener = {**UDP, "bind": f"[::]:{port}"}
    with Backend() as backend, Gatehouse(backend, fleet(1), listener=listener) as gate:
        device = gate.connect_datagram(ONE, port=port, host="::1")
        session = backend.opened(ONE)["session"]
        for count, host in enumerate(("127.0.0.2", "127.0.0.3", "::1"), start=1):
            device.host = host
            device.rebind()

            def has_moved():
                device.send(b"I am elsewhere")
                return gate.metric("gatehouse_session_moves_total", listener="fleet") == count

            eventually(has_moved, f"the session has moved to {host}", 5.0, interval=0.2)
            backend.send_data(session, host.encode())
            expect_equal(device.recv(), host.encode(), f"downlink from {host}")
            expect_equal(device.strangers, [], f"answers to {host} from elsewhere")


def main():
    for bind, hosts in BINDS.items():
        check(bind, hosts)
    check_asked_elsewhere()


run(main)
