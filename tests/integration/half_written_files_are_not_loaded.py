"""A credential file that is written in place is loaded when it is whole: nobody is locked out by half of a file.

A writer takes its time, line by line, and pauses for longer than any quiet time while it has the file open; `cp` overwrites it;
an editor truncates it and writes again. Each time one reload follows, and no session of a device that is still in the file
ends. The same for the file of a secret, and while another set, whose file is moved into place meanwhile, is loaded at once.
A file that was moved there is loaded though somebody has it open.
"""

import os
import shutil
import time

from support.backend import Backend
from support.changes import RELOADS, reloading, replace
from support.daemon import Gatehouse, credential_text, write_secret
from support.expect import eventually, expect, expect_equal, never, run
from support.fleet import device_name, fleet, key_for

SECRET = device_name(900)
LISTENERS = [{"name": "fleet"}, {"name": "other", "credentials": "other"}]
SETTINGS = {"credentials": {"fleet": {"file": "keys/fleet.yaml"}, "other": {"file": "keys/other.yaml"}}}


def reloads(gate):
    return gate.metric(RELOADS, result="ok"), gate.metric(RELOADS, result="failed")


def write_slowly(path, text, pauses):
    """Flushes each line; whatever the daemon reads meanwhile is half a file."""
    with open(path, "w") as file:
        lines = text.splitlines(keepends=True)
        for number, line in enumerate(lines):
            file.write(line)
            file.flush()
            for at, pause in pauses.items():
                if number == int(at * len(lines)):
                    pause()


def expect_one_reload(gate, before, what):
    eventually(lambda: reloads(gate) != before, f"{what}: a reload", 10.0)
    never(lambda: reloads(gate) != (before[0] + 1, before[1]), f"{what}: more than one reload, or a failed one", 0.4)


def check_line_by_line(gate, devices, other):
    """Half of it stands there for longer than any quiet time; meanwhile another set is loaded."""
    before = reloads(gate)

    def look_around():
        never(lambda: reloads(gate) != before, "half of the file is loaded", 0.8)
        with reloading(gate):
            replace(gate.directory / "keys" / "other.yaml", credential_text(other))
        expect_equal(reloads(gate), (before[0] + 1, before[1]), "only the other set is loaded")

    write_slowly(gate.credential_file, credential_text(devices), {0.5: look_around})
    expect_one_reload(gate, (before[0] + 1, before[1]), "written line by line")


def check_copied(gate, devices):
    before = reloads(gate)
    source = gate.directory / "copy.yaml"
    write_secret(source, credential_text(devices) + "\n# copied\n")
    shutil.copyfile(source, gate.credential_file)
    expect_one_reload(gate, before, "overwritten by cp")


def check_many_saves(gate, devices):
    """An editor that saves every 10 ms, for a while."""
    before = reloads(gate)
    until = time.monotonic() + 1.0
    count = 0
    while time.monotonic() < until:
        count += 1
        gate.credential_file.write_text(credential_text(devices) + f"\n# {count}\n")
        time.sleep(0.01)
    eventually(lambda: reloads(gate) != before, "a reload after the last save")
    expect(reloads(gate)[0] - before[0] <= 3, f"one reload for many saves: {reloads(gate)}, {before}")
    expect_equal(reloads(gate)[1], before[1], "no reload fails")


def check_secret(gate):
    before = reloads(gate)
    path = gate.directory / "keys" / "secret.key"
    with open(path, "wb") as file:
        file.write(key_for("new")[:16])
        file.flush()
        never(lambda: reloads(gate) != before, "half of a secret is loaded", 0.8)
        file.write(key_for("new")[16:])
    expect_one_reload(gate, before, "a secret")
    gate.connect(SECRET, psk=key_for("new")).bye()


def check_moved(gate, devices):
    """Whole by the move, whoever has it open."""
    beside = gate.credential_file.with_suffix(".new")
    write_secret(beside, credential_text(devices) + "\n# moved\n")
    with open(beside, "a"), reloading(gate, deadline=5.0):
        os.replace(beside, gate.credential_file)


def main():
    devices = fleet(200)
    other = {device_name(800): key_for("800")}
    devices_with_secret = {**devices, SECRET: {"psk": [{"id": "k1", "secret": "file:secret.key"}]}}
    with Backend() as backend:
        gate = Gatehouse(backend, devices_with_secret, listeners=LISTENERS, settings=SETTINGS)
        write_secret(gate.directory / "keys" / "other.yaml", credential_text(other))
        write_secret(gate.directory / "keys" / "secret.key", key_for("old"))
        with gate:
            inside = [gate.connect(name, psk=devices[name]) for name in list(devices)[::10]]
            more = {**other, device_name(801): key_for("801")}
            check_line_by_line(gate, devices_with_secret, more)
            gate.connect(device_name(801), psk=key_for("801"), port=gate.ports["other"]).bye()
            check_copied(gate, devices_with_secret)
            check_many_saves(gate, devices_with_secret)
            check_secret(gate)
            check_moved(gate, devices_with_secret)
            for device in inside:
                device.ping()
            lost = [r for r in backend.select(type="close") if r["reason"] == "revoked"]
            expect_equal(lost, [], "sessions that ended")


run(main)
