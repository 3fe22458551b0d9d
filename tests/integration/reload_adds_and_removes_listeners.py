"""A reload of the configuration adds listeners and removes them, over TCP and UDP, and disturbs no other.

By SIGHUP and by POST /v1/reload, which says what changed. A new listener takes devices and is in metrics and status. A
removed one takes none any more; its sessions end with BYE and the reason `admin`, its metrics are gone, and its port can be
bound by somebody else, or by the daemon again. A listener that stays is not disturbed: its device sends all the while.
"""

import signal
import socket

from support.admin import admin_of
from support.backend import Backend
from support.changes import reloading, wait_closed, write_config
from support.chatter import Chatter
from support.daemon import Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet
from support.ports import free_port, is_free

SOME = [{"name": "fleet"}, {"name": "tcp2"}, {"name": "udp2", "transport": "udp"}, {"name": "udp1", "transport": "udp"}]


def keep_listeners(gate, all_listeners, *names):
    gate.config["listeners"] = [entry for entry in all_listeners if entry["name"] in names]
    write_config(gate)


def shown(gate, admin):
    in_metrics = {dict(key)["listener"] for key in gate.metrics()["gatehouse_sessions"]}
    expect_equal({one["name"] for one in admin.get("/v1/status")["listeners"]}, in_metrics, "status and metrics")
    return in_metrics


def connect_both(gate, backend, tcp, udp, nth):
    devices = [gate.connect(tcp, port=gate.ports["tcp2"]), gate.connect_datagram(udp, port=gate.ports["udp2"])]
    for device in devices:
        device.ping()
    return devices, [backend.opened(device.device_id, nth) for device in devices]


def check_removed(gate, backend, admin, devices, records):
    for device, record in zip(devices, records):
        device.expect_bye()
        wait_closed(backend, record["session"], "admin")
    expect_equal(shown(gate, admin), {"fleet", "udp1"}, "listeners that are shown")
    expect(gate.device(devices[0].device_id, port=gate.ports["tcp2"]).is_refused(), "nobody is there any more")
    for name, kind in (("tcp2", socket.SOCK_STREAM), ("udp2", socket.SOCK_DGRAM)):
        eventually(lambda: is_free(gate.ports[name], kind), f"the port of {name} is free")


def main():
    steady, tcp, udp, air = devices = fleet(4)
    with Backend() as backend:
        gate = Gatehouse(backend, devices, listeners=SOME)
        every = list(gate.config["listeners"])
        keep_listeners(gate, every, "fleet", "udp1")
        with gate:
            admin = admin_of(gate)
            flying = gate.connect_datagram(air, port=gate.ports["udp1"])
            with Chatter(gate.connect(steady)) as talk, Chatter(flying) as flight:
                expect_equal(shown(gate, admin), {"fleet", "udp1"}, "listeners that are shown")
                keep_listeners(gate, every, "fleet", "udp1", "tcp2", "udp2")
                with reloading(gate):
                    gate.signal(signal.SIGHUP)
                expect_equal(shown(gate, admin), {"fleet", "udp1", "tcp2", "udp2"}, "listeners that are shown")
                inside, records = connect_both(gate, backend, tcp, udp, 1)
                expect_equal([r["listener"] for r in records], ["tcp2", "udp2"], "listener of the open records")
                gate.wait_metric("gatehouse_sessions", 1, listener="tcp2", protocol="usmp")

                keep_listeners(gate, every, "fleet", "udp1")
                done = admin.post("/v1/reload")
                expect_equal(sorted(done["changes"]), ['listener "tcp2" removed', 'listener "udp2" removed'], "changes")
                check_removed(gate, backend, admin, inside, records)

                keep_listeners(gate, every, "fleet", "udp1", "tcp2", "udp2")
                done = admin.post("/v1/reload")
                expect_equal(sorted(done["changes"]), ['listener "tcp2" added', 'listener "udp2" added'], "changes")
                inside, records = connect_both(gate, backend, tcp, udp, 2)

                every[1]["bind"] = f"127.0.0.1:{free_port()}"
                every[2]["bind"] = f"127.0.0.1:{free_port()}"
                keep_listeners(gate, every, "fleet", "udp1", "tcp2", "udp2")
                done = admin.post("/v1/reload")
                expect_equal(
                    sorted(done["changes"]), ['listener "tcp2" made anew', 'listener "udp2" made anew'], "changes"
                )
                for device, record in zip(inside, records):
                    device.expect_bye()
                    wait_closed(backend, record["session"], "admin")
                for name, entry in (("tcp2", every[1]), ("udp2", every[2])):
                    gate.ports[name] = int(entry["bind"].rsplit(":", 1)[1])
                connect_both(gate, backend, tcp, udp, 3)
            talk.check(backend)
            flight.check(backend)
            expect_equal(backend.select(lambda r: r["device"] in (steady, air), type="close"), [], "those that stay")


run(main)
