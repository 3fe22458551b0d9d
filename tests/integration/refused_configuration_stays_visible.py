"""What a refused reload complained about is shown until it is mended, whatever is loaded meanwhile.

A broken configuration stays `gatehouse_config_reload_failing` and in the status while changes of credentials are loaded.
A reload of everything that failed for a broken credential file alone is done by itself once that file is mended.
"""

import copy
import signal

from support.admin import admin_of
from support.backend import Backend
from support.changes import FAILING, change_credentials, replace, reloading, write_config
from support.daemon import Gatehouse, credential_text
from support.expect import expect, expect_equal, run
from support.fleet import device_name, fleet, key_for


def problems(gate):
    failed = admin_of(gate).get("/v1/status")["config"].get("reload_failed", {})
    return [problem["file"] for problem in failed.get("problems", [])]


def main():
    devices = fleet(2)
    visitor = device_name(77)
    with Backend() as backend, Gatehouse(backend, devices) as gate:
        good = copy.deepcopy(gate.config)
        with reloading(gate, "failed"):
            write_config(gate, {**good, "colour": "blue"})
            gate.signal(signal.SIGHUP)
        expect_equal(problems(gate), [str(gate.config_file)], "what is wrong")

        change_credentials(gate, {**devices, visitor: key_for(visitor)})
        gate.connect(visitor).bye()
        expect_equal(gate.metric(FAILING), 1, "failing, after a good change of credentials")
        expect_equal(problems(gate), [str(gate.config_file)], "what is still wrong")

        with reloading(gate, "failed"):
            replace(gate.credential_file, "devices: [")
        expect_equal(
            set(problems(gate)), {str(gate.config_file), str(gate.credential_file)}, "both are wrong"
        )
        change_credentials(gate, devices)
        expect_equal(problems(gate), [str(gate.config_file)], "the credentials are mended")

        with reloading(gate):
            write_config(gate, good)
            gate.signal(signal.SIGHUP)
        expect_equal(gate.metric(FAILING), 0, "failing, when all is mended")
        expect_equal(problems(gate), [], "nothing is wrong")

        with reloading(gate, "failed"):
            replace(gate.credential_file, "devices: [")
        more = copy.deepcopy(good)
        more["listeners"][0]["max_session_age"] = "1h"
        with reloading(gate, "failed"):
            write_config(gate, more)
            gate.signal(signal.SIGHUP)
        expect(not gate.log_records("reloaded", changes='listener "fleet" changed'), "nothing was changed yet")
        with reloading(gate):
            replace(gate.credential_file, credential_text(devices))
        gate.wait_log_record("reloaded", changes='listener "fleet" changed')
        expect_equal(gate.metric(FAILING), 0, "failing, in the end")


run(main)
