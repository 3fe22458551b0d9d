"""`--out FILE` makes a new file that its owner alone can read; what exists is never overwritten, and nothing was asked then.

When the daemon refuses, no empty file is left.
"""

import json
import os

from support.expect import expect, expect_equal, run
from support.fake_admin import FakeAdmin, refusal

SECRET = "hex:" + "5a" * 32


def main():
    answers = {("POST", "/v1/devices/d1/rotate"): {"done": True, "key": {"id": "k2", "secret": SECRET}}}
    with FakeAdmin(answers) as admin:
        file = admin.directory / "new.key"
        os.umask(0)
        done = admin.run("device", "rotate", "d1", "--out", file)
        expect_equal(done.returncode, 0, f"exit status: {done.stderr}")
        expect_equal(file.read_text(), SECRET + "\n", "the secret")
        expect_equal(file.stat().st_mode & 0o777, 0o600, "its mode")
        expect("k2" in done.stdout and SECRET not in done.stdout + done.stderr, f"what is said: {done.stdout}")

        again = admin.run("device", "rotate", "d1", "--out", file)
        expect_equal(again.returncode, 1, "exit status for a file that exists")
        expect("not overwritten" in again.stderr, f"the reason: {again.stderr}")
        link = admin.directory / "link"
        link.symlink_to(admin.directory / "elsewhere")
        expect_equal(admin.run("device", "rotate", "d1", "--out", link).returncode, 1, "exit status for a link")
        expect_equal(len(admin.requests), 1, "requests")

        document = admin.directory / "new.json"
        expect_equal(admin.run("device", "rotate", "d1", "--out", document, "--json").stdout, "", "output")
        expect_equal(json.loads(document.read_text())["key"]["secret"], SECRET, "the document")

        answers["POST", "/v1/devices/d1/rotate"] = refusal(409, "not_managed", "d1 stands in a file")
        unused = admin.directory / "unused.key"
        expect_equal(admin.run("device", "rotate", "d1", "--out", unused).returncode, 1, "exit status of a refusal")
        expect(not unused.exists(), "no file is left")


run(main)
