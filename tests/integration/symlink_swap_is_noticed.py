"""Credentials that are mounted as Kubernetes does it are loaded when the link in the middle of their path is swapped.

`fleet.yaml -> ..data/fleet.yaml`, `..data -> ..2026_1`: the kubelet makes `..2026_2` and renames a new `..data` over the
old one; the file itself is not touched. Twice, as the second change is found only by who looks at the new directory.
Then the old directory goes away, which concerns nobody.
"""

import os
import shutil

from support.backend import Backend
from support.changes import GENERATION, RELOADS, reloading
from support.daemon import Gatehouse, credential_text, write_secret
from support.expect import expect, expect_equal, never, run
from support.fleet import fleet


def swap(folder, version):
    os.symlink(version, folder / "..data_tmp")
    os.rename(folder / "..data_tmp", folder / "..data")


def main():
    devices = fleet(3)
    names = list(devices)
    with Backend() as backend:
        gate = Gatehouse(backend, {names[0]: devices[names[0]]})
        folder = gate.credential_file.parent
        gate.credential_file.unlink()
        for number in (1, 2, 3):
            text = credential_text({name: devices[name] for name in names[:number]})
            write_secret(folder / f"..2026_{number}" / "fleet.yaml", text)
        os.symlink("..2026_1", folder / "..data")
        os.symlink("..data/fleet.yaml", folder / "fleet.yaml")
        gate.devices = devices
        with gate:
            first = gate.connect(names[0])
            expect(gate.device(names[1]).is_refused(), "the second device is not known yet")
            for number in (2, 3):
                with reloading(gate):
                    swap(folder, f"..2026_{number}")
                gate.connect(names[number - 1]).ping()
            failed = gate.metric(RELOADS, result="failed")
            generation = gate.metric(GENERATION)
            shutil.rmtree(folder / "..2026_1")
            shutil.rmtree(folder / "..2026_2")
            never(lambda: gate.metric(GENERATION) != generation, "old directories concern somebody", during=0.3)
            expect_equal(gate.metric(RELOADS, result="failed"), failed, "reloads that failed")
            first.ping()
            expect_equal(backend.select(type="close"), [], "close records")


run(main)
