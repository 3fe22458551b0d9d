"""Limits, timeouts and generations of a listener change by a reload, and its sessions stay; over TCP and UDP.

A lower session limit ends nobody, but lets nobody in; a higher one does. An `idle_timeout` that becomes short ends those
that have been silent for longer, also the session that was there before. A generation that is not admitted any more is
refused, one that is new gets in. Sessions that are admitted and talk are not ended.
"""

from support.admin import admin_of
from support.backend import Backend
from support.changes import TCP_AND_UDP, connect_udp, wait_closed, write_config
from support.daemon import Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet


def change(gate, admin, **fields):
    for listener in gate.config["listeners"]:
        listener.update(fields)
    write_config(gate)
    done = admin.post("/v1/reload")
    expect_equal(sorted(done["changes"]), ['listener "air" changed', 'listener "fleet" changed'], "changes")


def udp_is_refused(gate, name, generation="D3"):
    device = gate.datagram_device(
        name, generation, port=gate.ports["air"], transmissions=2, timeout=0.5
    )
    return device.is_refused()


def main():
    devices = fleet(8)
    tcp, udp, tcp2, udp2, tcp3, udp3, idle_tcp, idle_udp = devices
    with Backend() as backend, Gatehouse(backend, devices, listeners=TCP_AND_UDP) as gate:
        admin = admin_of(gate)
        talking = [gate.connect(tcp), connect_udp(gate, udp)]
        silent = [gate.connect(idle_tcp), connect_udp(gate, idle_udp)]

        change(gate, admin, limits={"sessions": 1})
        expect(gate.device(tcp2).is_refused(), "a lower limit holds for TCP")
        expect(udp_is_refused(gate, udp2), "a lower limit holds for UDP")
        for device in (*talking, *silent):
            device.ping()
        change(gate, admin, limits={"sessions": 3})
        gate.connect(tcp2).bye()
        connect_udp(gate, udp2).bye()

        change(gate, admin, usmp={"generations": ["1-bound"]})
        expect(gate.device(tcp3).is_refused(), "a generation that is not admitted any more")
        expect(udp_is_refused(gate, udp3), "a generation that is not admitted any more, over UDP")
        gate.connect(tcp3, "C").bye()
        connect_udp(gate, udp3, generation="C").bye()
        gate.wait_log_record("unsafe generation admitted", listener="fleet")
        for device in talking:
            device.ping()

        change(gate, admin, idle_timeout="1s")

        def all_closed():
            for device in talking:
                device.ping()
            return len(backend.select(type="close", reason="idle")) >= len(silent)

        eventually(all_closed, "the silent sessions end", 5.0, interval=0.3)
        for device in silent:
            device.expect_bye()
            wait_closed(backend, backend.opened(device.device_id)["session"], "idle")
        ended = backend.select(lambda r: r["device"] in (tcp, udp), type="close")
        expect_equal(ended, [], "sessions of those that talk")


run(main)
