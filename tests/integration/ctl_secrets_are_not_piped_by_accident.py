"""A command that gives a secret away asks the daemon for nothing while its output is piped, unless `--out -` is said.

With `--out -` standard output is the secret alone. On a terminal it is shown.
"""

from support.expect import expect, expect_equal, run
from support.fake_admin import FakeAdmin
from support.terminal import OnTerminal

SECRET = "hex:" + "5a" * 32
FILE = "version: 1\ndevices: {}\n"
COMMANDS = [["device", "add", "d1"], ["device", "rotate", "d1"], ["device", "psk", "d1"], ["device", "export"]]


def main():
    key = {"done": True, "device": "d1", "key": {"id": "k2", "secret": SECRET}, "closes": "2026-12-01T00:00:00Z"}
    answers = {
        ("POST", "/v1/devices"): key,
        ("POST", "/v1/devices/d1/rotate"): key,
        ("POST", "/v1/devices/d1/psk"): {"device": "d1", "id": "k1", "secret": SECRET},
        ("POST", "/v1/export"): {"file": FILE},
    }
    with FakeAdmin(answers) as admin:
        for words in COMMANDS:
            for form in ([], ["--json"]):
                refused = admin.run(*words, *form)
                expect_equal(refused.returncode, 2, f"exit status of {words}")
                expect("--out" in refused.stderr, f"it says what to do: {refused.stderr}")
        expect_equal(admin.requests, [], "nothing was asked")
        for words in COMMANDS:
            allowed = admin.run(*words, "--out", "-")
            wanted = FILE if words[1] == "export" else SECRET + "\n"
            expect_equal((allowed.returncode, allowed.stdout), (0, wanted), f"{words} --out -: {allowed.stderr}")
        with OnTerminal(admin.arguments("device", "rotate", "d1")) as person:
            expect_equal(person.wait(), 0, "exit status on a terminal")
            expect(SECRET in person.output, f"the secret is shown: {person.output}")
            expect("older keys close at 2026-12-01" in person.output, f"and what else was said: {person.output}")


run(main)
