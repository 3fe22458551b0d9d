"""A credential file, or a configuration, with tens of thousands of faults is answered in a hundred lines and the number
of the others: by --check, in the log at each look, in the status and in the answer to a reload."""

import signal

from support.admin import admin_of
from support.backend import Backend
from support.changes import FAILING, reloading, replace
from support.daemon import Gatehouse, credential_text, run_program
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet

FAULTS = 20_000
MOST = 100  # and one line for the rest


def broken(good):
    return good + "".join(f'  "boiler number {n}": {{psk: []}}\n' for n in range(FAULTS))


def weak(number):
    devices = (f'"02:00:00:01:{n >> 8:02x}:{n & 255:02x}": {{weak: accept, psk: [{{id: k, secret: "text:abcd"}}]}}' for n in range(number))
    return "version: 1\ndevices:\n" + "".join(f"  {one}\n" for one in devices)


def expect_few(lines, what):
    lines = list(lines)
    expect(1 < len(lines) <= MOST + 1, f"{what}: {len(lines)} lines")
    expect(any("more like these" in str(line) for line in lines), f"{what}: the others are counted: {lines[-1]}")


def logged(gate, event, before=0):
    """The lines of such an event, once the last of them is there: a log is written behind what it tells of."""

    def told():
        lines = gate.log_records(event)[before:]
        return lines if any("more like these" in str(line) for line in lines) else None

    return eventually(told, f"the log counts the rest of {event!r}")


def main():
    devices = fleet(2)
    good = credential_text(devices)
    with Backend(echo=True) as backend, Gatehouse(backend, devices) as gate:
        admin = admin_of(gate)
        with reloading(gate, "failed"):
            replace(gate.credential_file, broken(good))
        expect_few(logged(gate, "reload failed"), "the log")
        expect_few(admin.get("/v1/status")["config"]["reload_failed"]["problems"], "the status")
        checked = run_program("--check", "--config", gate.config_file)
        expect_few([l for l in (checked.stdout + checked.stderr).splitlines() if "fleet.yaml" in l], "--check")
        before = len(gate.log_records("reload failed"))
        with reloading(gate, "failed"):
            gate.signal(signal.SIGHUP)
        expect_few(logged(gate, "reload failed", before), "the log at the next look")

        with reloading(gate):
            replace(gate.credential_file, weak(5_000))
        expect_few(logged(gate, "weak key accepted"), "warnings")
        expect_equal(gate.metric(FAILING), 0, "the metric of a good file")

        config = gate.config_file.read_text()
        gate.config_file.write_text(config + "".join(f"colour{n}: blue\n" for n in range(FAULTS)))
        checked = run_program("--check", "--config", gate.config_file)
        expect_few([l for l in (checked.stdout + checked.stderr).splitlines() if "colour" in l or "more" in l], "--check")
        expect(gate.is_running(), "the daemon goes on")


run(main)
