"""A daemon with a relative --config goes on when the directory that it was started in is removed.

Its sessions stay, changed credentials are still noticed, SIGHUP and the reload of an operator find the configuration, and everything
that it makes or connects to afterwards is where it was.
"""

import pathlib
import shutil
import signal
import tempfile

from support.admin import admin_of
from support.backend import Backend
from support.daemon import credential_text
from support.changes import replace
from support.expect import expect, expect_equal, run
from support.fleet import ONE, TWO, fleet, key_for
from support.own_start import OwnStart


def main():
    devices = fleet(1)
    with Backend(echo=True) as backend:
        gate = OwnStart(backend, devices)
        start = pathlib.Path(tempfile.mkdtemp(prefix="start-", dir=gate.directory))
        gate.cwd, gate.named = start, f"./../{gate.config_file.name}"
        with gate:
            device = gate.connect(ONE)
            shutil.rmtree(start)
            more = {**devices, TWO: key_for(TWO)}
            replace(gate.credential_file, credential_text(more))
            gate.wait_metric("gatehouse_config_reloads_total", 1, result="ok")
            gate.devices = more
            gate.connect(TWO).ping()
            gate.signal(signal.SIGHUP)
            gate.wait_metric("gatehouse_config_reloads_total", 2, result="ok")
            admin = admin_of(gate)
            expect_equal(admin.post("/v1/reload")["done"], True, "an operator's reload")
            expect_equal(admin.get("/v1/status")["config"]["file"], str(gate.config_file), "the configuration's whole path")
            device.ping()
            expect(gate.is_running(), "it runs")
            gate.terminate()
            expect_equal(gate.wait_exit(), 0, "exit status")
            expect(not admin.path.exists(), "it takes its socket with it")


run(main)
