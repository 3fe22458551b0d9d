"""A reload that cannot bind an address names the listener and its setting, with its line, before anything is changed.

The port of somebody else, and an address that this machine does not have: `listeners[NAME].bind`, by POST /v1/reload with
line and column of the value. Sessions go on, and a listener whose sockets would have been handed over keeps them.
"""

import copy
import socket

from support.admin import admin_of
from support.backend import Backend
from support.changes import GENERATION, TCP_AND_UDP, connect_udp, write_config
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet
from support.ports import free_port, occupy


def main():
    tcp, udp = devices = fleet(2)
    with Backend() as backend, Gatehouse(backend, devices, listeners=TCP_AND_UDP) as gate:
        admin = admin_of(gate)
        inside = [gate.connect(tcp), connect_udp(gate, udp)]
        good = copy.deepcopy(gate.config)
        generation = gate.metric(GENERATION)
        for transport, kind in (("tcp", socket.SOCK_STREAM), ("udp", socket.SOCK_DGRAM)):
            taken = free_port()
            with occupy(taken, kind):
                for bind in (f"127.0.0.1:{taken}", f"0.0.0.0:{taken}", f"192.0.2.77:{free_port()}"):
                    config = copy.deepcopy(good)
                    config["listeners"][0]["credentials"] = "second"
                    config["listeners"][1]["credentials"] = "second"
                    config["credentials"]["second"] = {"file": "keys/fleet.yaml"}
                    entry = {**good["listeners"][0], "name": "third", "transport": transport, "bind": bind}
                    config["listeners"].append(entry)
                    write_config(gate, config)
                    problems = admin.refused("POST", "/v1/reload", 422, "refused")["problems"]
                    expect_equal(len(problems), 1, f"problems: {problems}")
                    text = problems[0]["text"]
                    expect(text.startswith("listeners[third].bind: "), f"the setting is named: {text}")
                    line = gate.config_file.read_text().splitlines()[problems[0]["line"] - 1]
                    expect(bind in line, f"the line of the setting: {line}")
                    expect_equal(gate.metric(GENERATION), generation, "the generation")
                    for device in inside:
                        device.ping()
        write_config(gate, good)
        expect_equal(admin.post("/v1/reload")["changes"], [], "the first configuration changes nothing")
        expect_equal(backend.select(type="close"), [], "close records")


run(main)
