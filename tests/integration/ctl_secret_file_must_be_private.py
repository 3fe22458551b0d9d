"""`--secret-file` and `device import` take files that are closed to others; the bytes arrive as they are.

With a key of the operator's own nothing secret is printed, so a pipe is welcome.
"""

from support.expect import expect, expect_equal, run
from support.fake_admin import FakeAdmin

KEY = bytes(range(32))


def main():
    answers = {
        ("POST", "/v1/devices"): {"done": True, "device": "d1", "key": {"id": "k1"}},
        ("POST", "/v1/import"): {"done": True, "added": 2, "replaced": 1},
    }
    with FakeAdmin(answers) as admin:
        file = admin.directory / "own.key"
        file.write_bytes(KEY)
        add = ["device", "add", "d1", "--name", "boiler 17", "--key-id", "k1", "--secret-file", file]
        for mode in (0o644, 0o640, 0o604):
            file.chmod(mode)
            refused = admin.run(*add)
            expect_equal(refused.returncode, 1, f"exit status with mode {mode:o}")
            expect("chmod 600" in refused.stderr, f"it says what to do: {refused.stderr}")
        expect_equal(admin.requests, [], "nothing was asked")
        file.chmod(0o600)
        expect_equal(admin.run(*add).returncode, 0, "exit status")
        wanted = {"device": "d1", "name": "boiler 17", "key": {"id": "k1", "secret": "hex:" + KEY.hex()}}
        expect_equal(admin.requests[0].document(), wanted, "what was asked")

        text = "version: 1\ndevices: {}\n"
        file.write_text(text)
        imported = admin.run("device", "import", file, "--policy", "replace", "--credentials", "fleet")
        expect_equal(imported.stdout, "2 added, 1 replaced\n", f"what is said: {imported.stderr}")
        expect_equal(admin.requests[1].body.decode(), text, "the file")
        expect_equal(admin.requests[1].parameters, {"policy": "replace", "credentials": "fleet"}, "the parameters")
        file.chmod(0o644)
        expect_equal(admin.run("device", "import", file).returncode, 1, "exit status of an open file")
        expect_equal(admin.run("device", "import", admin.directory / "gone").returncode, 1, "exit status of no file")
        expect_equal(len(admin.requests), 2, "requests")


run(main)
