"""A reload that would change what cannot change at run time is refused whole and names the setting.

`workers`, `node`, `metrics`, `admin`, `state_directory`, a backend's `format`, `payload` and `acknowledge`: 422 with a problem
that names it, and nothing of the file is changed, not even a listener that could be added. Two of them are two problems. With
SIGHUP the log says the same.
"""

import copy
import signal

from support.admin import admin_of
from support.backend import Backend
from support.changes import FAILING, GENERATION, TCP_AND_UDP, connect_udp, reloading, write_config
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet
from support.ports import free_port


def telemetry(**fields):
    return lambda config: config["backends"]["telemetry"].update(fields)


CHANGES = {
    "workers": lambda config: config.update(workers=3),
    "state_directory": lambda config: config.update(state_directory="elsewhere"),
    "node": lambda config: config.update(node={"name": "another", "id": 7}),
    "metrics": lambda config: config.update(metrics={"bind": f"127.0.0.1:{free_port()}"}),
    "admin": lambda config: config.update(admin={"socket": "other.sock"}),
    "format": telemetry(format="records"),
    "payload": telemetry(payload="text"),
    "acknowledge": telemetry(acknowledge=True),
}


def main():
    tcp, udp = devices = fleet(2)
    with Backend() as backend, Gatehouse(backend, devices, listeners=TCP_AND_UDP) as gate:
        admin = admin_of(gate)
        inside = [gate.connect(tcp), connect_udp(gate, udp)]
        good = copy.deepcopy(gate.config)
        status = admin.get("/v1/status")
        generation = gate.metric(GENERATION)
        for name, change in CHANGES.items():
            config = copy.deepcopy(good)
            change(config)
            config["listeners"].append({**good["listeners"][0], "name": "third", "bind": f"127.0.0.1:{free_port()}"})
            write_config(gate, config)
            error = admin.refused("POST", "/v1/reload", 422, "refused")
            expect_equal(len(error["problems"]), 1, f"problems of {name}: {error}")
            expect(f'"{name}"' in error["problems"][0]["text"], f"{name} is named: {error}")
            expect("restart" in error["problems"][0]["text"], f"{name}: what helps: {error}")
            expect_equal(gate.metric(FAILING), 1, f"{name}: failing")
            expect_equal(len(admin.get("/v1/status")["listeners"]), 2, f"{name}: listeners")

        config = copy.deepcopy(good)
        CHANGES["workers"](config)
        CHANGES["admin"](config)
        write_config(gate, config)
        error = admin.refused("POST", "/v1/reload", 422, "refused")
        expect_equal(len(error["problems"]), 2, f"problems: {error}")
        with reloading(gate, "failed"):
            gate.signal(signal.SIGHUP)
        told = gate.log_records("reload failed")[-2:]
        expect("workers" in told[0]["detail"] and "admin" in told[1]["detail"], f"the log names both: {told}")

        expect_equal(gate.metric(GENERATION), generation, "the generation")
        write_config(gate, good)
        expect_equal(admin.post("/v1/reload")["changes"], [], "the first configuration changes nothing")
        after = admin.get("/v1/status")
        for name in ("workers", "backends"):
            expect_equal(after[name], status[name], name)
        for device in inside:
            device.ping()
        expect_equal(backend.select(type="close"), [], "close records")


run(main)
