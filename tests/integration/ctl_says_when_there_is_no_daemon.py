"""Where no daemon answers, one line says why: no socket, nobody at the socket, no socket but a file, no permission.

The socket is --socket, else $GATEHOUSE_ADMIN_SOCKET.
"""

import os
import socket
import subprocess

from support.expect import expect, expect_equal, run
from support.fake_admin import FakeAdmin, ctl_binary


NOBODY = 65534 if os.geteuid() == 0 else None  # root may use every socket


def may_be_run_by_nobody():
    try:
        return subprocess.run([ctl_binary(), "--version"], capture_output=True, user=NOBODY, timeout=20).returncode == 0
    except PermissionError:
        return False


def refused(path, words, user=None):
    arguments = [ctl_binary(), "--socket", path, "status"]
    result = subprocess.run(arguments, capture_output=True, text=True, user=user, timeout=20)
    expect_equal(result.returncode, 1, f"exit status at {path}")
    expect_equal(result.stderr.count("\n"), 1, f"one line: {result.stderr}")
    for word in words:
        expect(word in result.stderr, f"{word!r} is said: {result.stderr}")


def main():
    with FakeAdmin() as admin:
        refused("/nonexistent/admin.sock", ["no daemon at /nonexistent/admin.sock", "no such socket"])
        refused("/" + "x" * 200, ["too long"])
        file = admin.directory / "file"
        file.write_text("")
        refused(str(file), ["no daemon at", "no socket"])
        left = admin.directory / "left.sock"
        with socket.socket(socket.AF_UNIX) as nobody:
            nobody.bind(str(left))
        refused(str(left), ["no daemon at", "nobody listens"])
        full = admin.directory / "full.sock"
        with socket.socket(socket.AF_UNIX) as busy, socket.socket(socket.AF_UNIX) as other:
            busy.bind(str(full))
            busy.listen(0)
            other.connect(str(full))
            refused(str(full), ["busy"])
        admin.path.chmod(0)
        admin.directory.chmod(0o755)
        if may_be_run_by_nobody():
            refused(str(admin.path), ["permission denied", "admin.group"], user=NOBODY)
        environment = {**os.environ, "GATEHOUSE_ADMIN_SOCKET": "/of/environment.sock"}
        result = subprocess.run([ctl_binary(), "status"], capture_output=True, text=True, env=environment, timeout=20)
        expect("no daemon at /of/environment.sock" in result.stderr, f"the variable counts: {result.stderr}")


run(main)
