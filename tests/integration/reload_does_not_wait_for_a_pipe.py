"""A configuration that is a pipe which nobody writes is refused after two seconds, and the next reload is as good as any."""

import os

from support.admin import admin_of
from support.backend import Backend
from support.changes import write_config
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet


def main():
    one, _ = devices = fleet(2)
    with Backend() as backend, Gatehouse(backend, devices) as gate:
        admin = admin_of(gate)
        inside = gate.connect(one)
        os.unlink(gate.config_file)
        os.mkfifo(gate.config_file, 0o600)
        problems = admin.refused("POST", "/v1/reload", 422, "refused")["problems"]
        expect("nothing came from it" in problems[0]["text"], f"problems: {problems}")
        write_config(gate)
        expect_equal(admin.post("/v1/reload")["changes"], [], "the first configuration changes nothing")
        inside.ping()


run(main)
