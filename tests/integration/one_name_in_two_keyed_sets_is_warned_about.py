"""One name for two devices, in two sets whose listeners have one backend, is warned about: commands name devices.

By `--check`, at the start and at a reload, with both sets named. With a backend for each there is nothing to warn of.
"""

import copy

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
        expect_equal(status, 0, "exit status")
        for word in ("it stands", '"north"', "south.yaml", "another name"):
            expect(word in said, f"{word} in {said}")

        with gate:
            gate.wait_log_record("one name for two devices", device="valve-1")
            with reloading(gate):
                replace(files["south"], credentials("south", "valve-2"))
            gate.wait_log_record("one name for two devices", device="valve-2")
            apart = copy.deepcopy(gate.config)
            apart["backends"]["other"] = {"socket": backend.path}
            apart["listeners"][1]["backend"] = "other"
            write_config(gate, apart)
            expect("another name" not in check(gate)[1], "with a backend for each")


run(main)
