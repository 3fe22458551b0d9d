"""One name for two devices, in two sets whose listeners have one backend, is refused: commands name devices.

At the start and at a reload, with both sets named. With a backend for each it is accepted.
"""

import copy

from support.admin import admin_of
from support.backend import Backend
from support.changes import replace, reloading, write_config
from support.daemon import Gatehouse, run_program, write_secret
from support.expect import expect, expect_equal, run
from support.fleet import key_for
from support.pssst_client import public_of
from support.yaml_text import to_yaml

LISTENERS = [
    {"name": name, "protocol": "pssst", "transport": "udp", "credentials": name} for name in ("north", "south")
]


def credentials(which, *names):
    devices = {name: {"public": "hex:" + public_of(key_for(which + name)).hex()} for name in names}
    return to_yaml({
        "version": 1,
        "gateway_keys": [{"id": "g1", "private": "hex:" + key_for("gateway " + which).hex()}],
        "devices": devices,
    })


def check(gate):
    done = run_program("--config", gate.config_file, "--check")
    return done.returncode, done.stderr


def main():
    sets = {name: {"file": f"keys/{name}.yaml"} for name in ("north", "south")}
    with Backend() as backend:
        gate = Gatehouse(backend, listeners=LISTENERS, settings={"credentials": sets})
        files = {name: gate.directory / "keys" / f"{name}.yaml" for name in sets}
        write_secret(files["north"], credentials("north", "valve-1", "valve-2"))
        write_secret(files["south"], credentials("south", "valve-1"))
        status, said = check(gate)
        expect_equal(status, 1, "exit status")
        for word in ("valve-1", '"north"', "south.yaml", "another name"):
            expect(word in said, f"{word} in {said}")

        write_secret(files["south"], credentials("south", "valve-3"))
        with gate:
            with reloading(gate, "failed"):
                replace(files["south"], credentials("south", "valve-2"))
            problems = admin_of(gate).get("/v1/status")["config"]["reload_failed"]["problems"]
            expect("valve-2" in problems[0]["text"], f"why: {problems}")
            apart = copy.deepcopy(gate.config)
            apart["backends"]["other"] = {"socket": backend.path}
            apart["listeners"][1]["backend"] = "other"
            apart["listeners"][1]["name"] = "southern"
            apart["listeners"][1]["bind"] = "127.0.0.1:0"
            write_config(gate, apart)
            expect_equal(check(gate)[0], 0, "with a backend for each")


run(main)
