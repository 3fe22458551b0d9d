"""With few descriptors, connections that have proven nothing make way at once, and the reserve is left alone.

At most 128 descriptors; 400 silent connections take all that there are for devices. Devices still get in without a
pause, metrics are still answered, and a backend that comes back is still reached. When sessions hold all of them, a
further connection is closed and counted, and so is every one that made way.
"""

import os
import pathlib
import stat
import tempfile
import time

from support.backend import Backend
from support.daemon import Gatehouse, binary
from support.expect import eventually, expect, run
from support.fleet import fleet
from support.hostile import expect_alive
from support.usmp_device import Closed

MOST = 128
SILENT = 400
DEVICES = 128


def limited_binary(folder):
    """The daemon, with so many descriptors."""
    script = folder / "gatehoused"
    script.write_text(f'#!/bin/sh\nulimit -n {MOST}\nexec {binary()} "$@"\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return str(script)


def refused(gate):
    return gate.metric("gatehouse_limited_total", listener="fleet", limit="descriptors")


def descriptors(gate):
    return len(os.listdir(f"/proc/{gate.process.pid}/fd"))


def connect_until_refused(gate, names):
    devices = []
    for name in names:
        try:
            devices.append(gate.connect(name))
        except (Closed, OSError):
            return devices
    raise AssertionError(f"{len(devices)} sessions within {MOST} descriptors")


def check(backend, gate):
    names = list(gate.devices)
    silent = [gate.device(names[0], source="127.0.0.66").open() for _ in range(SILENT)]
    eventually(lambda: refused(gate) >= SILENT - MOST, "silent connections make way", 30.0)
    for name, source in zip(names, ("127.0.0.7", "127.0.0.66", "127.5.5.5")):
        begun = time.monotonic()
        device = gate.connect(name, source=source)
        expect_alive(device)
        expect(time.monotonic() - begun < 5.0, f"{name} waited for {time.monotonic() - begun:.2f} s")
        device.close()
    expect(not gate.log_records("cannot accept"), "there was room without a pause")

    sessions = connect_until_refused(gate, names)
    expect(descriptors(gate) < MOST - 16, f"{descriptors(gate)} descriptors are in use")
    backend.drop_connections()
    backend.wait_connections(1)
    expect_alive(sessions[0])
    sessions[1].close()
    eventually(lambda: gets_in(gate, names[-1]), "a device gets in when another has left", 10.0)
    for device in silent:
        device.close()


def gets_in(gate, name):
    try:
        expect_alive(gate.connect(name))
        return True
    except (Closed, OSError):
        return False


def main():
    with tempfile.TemporaryDirectory(prefix="gatehouse-limited-") as folder:
        os.environ["GATEHOUSED"] = limited_binary(pathlib.Path(folder))
        with Backend(echo=True) as backend, Gatehouse(backend, fleet(DEVICES)) as gate:
            check(backend, gate)


run(main)
