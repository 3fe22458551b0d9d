"""Secrets as Kubernetes gives them to a pod are accepted: root's, of a group that is the daemon's, mode 0440.

For credential files, files of secrets, and the key of a store, as another user and as root. A group that the daemon is not
in, a group that may write, and others who may read are refused, with the file's name and what would be right.
"""

import os
import pathlib
import subprocess
import tempfile

from support.check import CONFIG
from support.daemon import binary
from support.expect import expect, expect_equal, run

GROUP, STRANGE = 54321, 54322
USER = 54320
CREDENTIALS = """\
version: 1
devices:
  "02:00:00:00:00:01": {psk: [{id: k1, secret: "file:raw.key"}]}
"""
STORE = CONFIG.replace("fleet: {file: fleet.yaml}", 'fleet: {store: "sqlite:db/new.db", store_key: "file:raw.key"}')


def check(folder, user, groups):
    done = subprocess.run(
        [binary(), "--check", "--config", folder / "gatehouse.yaml"],
        capture_output=True,
        text=True,
        timeout=20.0,
        user=user,
        group=user,
        extra_groups=groups,
    )
    return done.returncode, done.stderr


def prepare(directory, config, user):
    folder = pathlib.Path(directory)
    folder.chmod(0o755)
    (folder / "gatehouse.yaml").write_text(config)
    (folder / "fleet.yaml").write_text(CREDENTIALS)
    (folder / "raw.key").write_bytes(os.urandom(32))
    (folder / "db").mkdir(mode=0o700)
    for name in ("db", "."):
        os.chown(folder / name, user, user)
    return folder


def give(folder, mode, group):
    for name in ("fleet.yaml", "raw.key"):
        os.chown(folder / name, 0, group)
        (folder / name).chmod(mode)


def check_modes(folder, user):
    give(folder, 0o440, GROUP)
    code, said = check(folder, user, [GROUP])
    expect(code == 0 and said.endswith("gatehouse.yaml: ok\n"), f"user {user}: 0440 of its group: {code}, {said}")
    refused = [(0o440, STRANGE), (0o460, GROUP), (0o444, GROUP), (0o450, GROUP), (0o640 | 0o004, GROUP)]
    if user == 0:
        refused.append((0o640, GROUP))  # its own, and open by mistake
    else:
        give(folder, 0o640, GROUP)
        expect_equal(check(folder, user, [GROUP])[0], 0, f"user {user}: 0640 of root")
    for mode, group in refused:
        give(folder, mode, group)
        if user != 0 and group == STRANGE:
            continue  # it cannot even read it
        code, said = check(folder, user, [GROUP])
        expect_equal(code, 1, f"user {user}: mode {mode:o} of group {group}: {said}")
        expect(f"mode {mode:04o}" in said and "chmod 600" in said, f"what is wrong: {said}")


def main():
    if os.geteuid() != 0:
        print("only root can give files away")
        return
    for user in (USER, 0):
        for config in (CONFIG, STORE):
            with tempfile.TemporaryDirectory(prefix="gatehouse-group-") as directory:
                check_modes(prepare(directory, config, user), user)


run(main)
