"""A credential file that is broken, open to others or gone changes nothing, and the operator is told; mended, it counts.

A syntax error, an unknown key, an empty file, half a file, wrong permissions, no file and no directory, one after the
other: sessions over TCP and UDP go on, devices get in as before. Each time there is a line `reload failed` with file,
line and column, `gatehouse_config_reloads_total{result="failed"}` grows, `gatehouse_config_reload_failing` is 1 and
/v1/status says what is wrong. When the file is good again, all of that is over without anybody's help.
"""

import os

from support.admin import admin_of
from support.backend import Backend
from support.changes import FAILING, GENERATION, TCP_AND_UDP, change_credentials, connect_udp, reloading, replace
from support.daemon import Gatehouse, credential_text
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet


def breakages(gate, good):
    """What is done, how it is undone, and the line and column that the complaint has, or 0."""
    file = gate.credential_file
    moved = file.with_name("elsewhere.yaml")
    folder, away = file.parent, file.parent.with_name("away")

    def write(text, mode=0o600):
        return lambda: replace(file, text, mode)

    mend = write(good)
    return {
        "syntax": (write("version: 1\ndevices: {\n"), mend, True),
        "unknown key": (write(good + "colour: blue\n"), mend, True),
        "empty": (write(""), mend, False),
        "half": (write(good[: len(good) // 2]), mend, True),
        "cut in place": (lambda: file.write_text(good[: len(good) // 3]), mend, True),
        "permissions": (write(good, 0o644), lambda: file.chmod(0o600), False),
        "closed later": (lambda: file.chmod(0o640), lambda: file.chmod(0o600), False),
        "no file": (lambda: os.rename(file, moved), lambda: os.rename(moved, file), False),
        "deleted": (file.unlink, mend, False),
        "no directory": (lambda: os.rename(folder, away), lambda: os.rename(away, folder), False),
    }


def check_told(gate, admin, what, has_place):
    eventually(lambda: gate.metric(FAILING) == 1, f"{what}: the metric says that reloading fails")
    failed = admin.get("/v1/status")["config"]["reload_failed"]
    expect(failed["time"].endswith("Z"), f"{what}: the time of the failure: {failed}")
    problem = failed["problems"][0]
    expect(problem["file"].endswith("fleet.yaml") and problem["text"], f"{what}: what is wrong: {problem}")
    told = {"file": problem["file"], "detail": problem["text"]}
    record = gate.wait_log_record("reload failed", **told)
    expect_equal(record["level"], "error", f"{what}: the level")
    if has_place:
        expect(problem["line"] >= 1 and problem["column"] >= 1, f"{what}: line and column: {problem}")
        same = [r for r in gate.log_records("reload failed") if r.get("line") == problem["line"]]
        expect(same and same[-1].get("column") == problem["column"], f"{what}: line and column in the log: {record}")


def main():
    devices = fleet(5)
    tcp, udp, comer, comer_udp, late = devices
    known = {name: devices[name] for name in (tcp, udp, comer, comer_udp)}
    good = credential_text(known)
    with Backend(echo=True) as backend, Gatehouse(backend, known, listeners=TCP_AND_UDP) as gate:
        admin = admin_of(gate)
        inside = [gate.connect(tcp), connect_udp(gate, udp)]
        generation = gate.metric(GENERATION)
        for what, (spoil, mend, has_place) in breakages(gate, good).items():
            with reloading(gate, "failed"):
                spoil()
            check_told(gate, admin, what, has_place)
            expect_equal(gate.metric(GENERATION), generation, f"{what}: the generation")
            for device in inside:
                device.send(what.encode())
                expect_equal(device.recv(), what.encode(), f"{what}: echo for {device.device_id}")
            with gate.connect(comer) as newcomer:
                newcomer.ping()
            connect_udp(gate, comer_udp).bye()
            expect(gate.is_running(), f"{what}: the daemon goes on")
            with reloading(gate):
                mend()
            eventually(lambda: gate.metric(FAILING) == 0, f"{what}: mended")
            expect("reload_failed" not in admin.get("/v1/status")["config"], f"{what}: mended, says the status")
            generation = gate.metric(GENERATION)
        ended = backend.select(lambda r: r["device"] in (tcp, udp), type="close")
        expect_equal(ended, [], "sessions that ended")
        change_credentials(gate, devices)
        gate.connect(late).ping()


run(main)
