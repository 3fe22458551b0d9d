"""A reload with a listener that cannot be bound is refused whole, and says which one it was.

The other changes of the same file are not made either: no new listener, no other limits, no new credentials; sessions go
on. By POST /v1/reload (422 with the problem) and by SIGHUP (a line `reload failed`). When the port is free, the same
file is taken.
"""

import signal
import socket

from support.admin import admin_of
from support.backend import Backend
from support.changes import FAILING, GENERATION, reloading, write_config
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet
from support.ports import occupy

SOME = [{"name": "fleet"}, {"name": "free"}, {"name": "taken"}, {"name": "air", "transport": "udp"}]


def check_refused(gate, admin, kind):
    error = admin.refused("POST", "/v1/reload", 422, "refused")
    problem = error["problems"][0]
    expect("taken" in problem["text"] and "in use" in problem["text"], f"{kind}: what is wrong: {problem}")
    with reloading(gate, "failed"):
        gate.signal(signal.SIGHUP)
    expect("taken" in gate.log_records("reload failed")[-1]["detail"], f"{kind}: the log names the listener")
    expect_equal(gate.metric(FAILING), 1, f"{kind}: failing")
    names = [one["name"] for one in admin.get("/v1/status")["listeners"]]
    expect_equal(names, ["fleet"], f"{kind}: listeners")


def main():
    one, two, three = devices = fleet(3)
    with Backend() as backend:
        gate = Gatehouse(backend, devices, listeners=SOME)
        every = list(gate.config["listeners"])
        gate.config["listeners"] = every[:1]
        write_config(gate)
        with gate:
            admin = admin_of(gate)
            device = gate.connect(one)
            generation = gate.metric(GENERATION)
            gate.config["listeners"] = [{**every[0], "limits": {"sessions": 1}}, *every[1:]]
            write_config(gate)
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                every[2]["transport"] = "tcp" if kind == socket.SOCK_STREAM else "udp"
                write_config(gate)
                with occupy(gate.ports["taken"], kind):
                    check_refused(gate, admin, every[2]["transport"])
                    expect_equal(gate.metric(GENERATION), generation, "the generation")
                    with gate.connect(two) as second:
                        second.ping()
                        second.bye()
                    expect(gate.device(two, port=gate.ports["free"]).is_refused(), "the free listener is not there")
            device.ping()
            done = admin.post("/v1/reload")
            expect_equal(len(done["changes"]), 4, f"changes: {done['changes']}")
            expect_equal(gate.metric(FAILING), 0, "failing")
            gate.connect(two, port=gate.ports["free"]).ping()
            expect(gate.device(three).is_refused(), "the new limit holds")
            device.ping()
            expect_equal(backend.select(type="close", device=one), [], "close records of the session that stays")


run(main)
