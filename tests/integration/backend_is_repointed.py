"""A backend that gets another socket by a reload is found there: nothing is lost, no session ends. TCP and UDP.

First while the old backend is away and messages wait for it: the new one gets them all. Then between two backends that
are both there, with devices that send all the while: each message has come to one of them, once, in order, and replies
of the new one reach the devices.
"""

from support.admin import admin_of
from support.backend import Backend
from support.changes import TCP_AND_UDP, connect_udp, write_config
from support.chatter import Chatter
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import fleet

WAITING = 50


def point_at(gate, admin, backend):
    gate.config["backends"]["telemetry"]["socket"] = backend.path
    write_config(gate)
    expect_equal(admin.post("/v1/reload")["changes"], ['backend "telemetry" changed'], "changes")
    shown = admin.get("/v1/status")["backends"]
    expect_equal([(one["name"], one["socket"]) for one in shown], [("telemetry", backend.path)], "backends")


def main():
    tcp, udp = devices = fleet(2)
    with Backend() as first, Backend() as second, Backend() as third:
        with Gatehouse(first, devices, listeners=TCP_AND_UDP) as gate:
            admin = admin_of(gate)
            inside = [gate.connect(tcp), connect_udp(gate, udp)]
            for device in inside:
                device.send(b"before")
                first.wait_data(device.device_id)
            sessions = {name: first.opened(name)["session"] for name in devices}

            first.stop()
            gate.wait_metric("gatehouse_backend_connected", 0, backend="telemetry")
            waiting = [b"waiting %d" % number for number in range(WAITING)]
            for message in waiting:
                inside[0].send(message)
            inside[0].ping()
            point_at(gate, admin, second)
            expect_equal(second.wait_data(tcp, WAITING), waiting, "messages that waited")
            second.wait_connections(2)

            with Chatter(inside[0]) as stream, Chatter(inside[1]) as datagrams:
                second.wait_data(tcp, WAITING + 20)
                second.wait_data(udp, 20)
                point_at(gate, admin, third)
                third.wait_data(tcp, 20)
                third.wait_data(udp, 20)
            for talk, device, known in ((stream, tcp, WAITING), (datagrams, udp, 0)):
                wanted = [b"%d" % number for number in range(talk.sent)]
                there = len(second.data(device)) - known
                third.wait_data(device, talk.sent - there)
                expect_equal(second.data(device)[known:] + third.data(device), wanted, f"messages of {device}")
            for device in inside:
                third.send_data(sessions[device.device_id], b"from the new one", third.connections[0])
                expect_equal(device.recv(), b"from the new one", f"downlink to {device.device_id}")
            closed = [backend.select(type="close") for backend in (first, second, third)]
            expect_equal(closed, [[], [], []], "close records")


run(main)
