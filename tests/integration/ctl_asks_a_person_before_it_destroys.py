"""remove, revoke, drain and import --policy replace ask on a terminal, unless --yes is said; scripts are not asked.

Anything but y or yes changes nothing and exits with 1.
"""

from support.expect import expect, expect_equal, run
from support.fake_admin import FakeAdmin
from support.terminal import OnTerminal

DONE = {"done": True}


def ask(admin, words, answer):
    with OnTerminal(admin.arguments(*words)) as person:
        person.read_until("[y/N]")
        person.write(answer + "\n")
        return person.wait()


def main():
    answers = {
        ("DELETE", "/v1/devices/d1"): DONE,
        ("POST", "/v1/devices/d1/revoke"): DONE,
        ("POST", "/v1/drain"): DONE,
        ("POST", "/v1/import"): DONE,
    }
    with FakeAdmin(answers) as admin:
        file = admin.directory / "fleet.yaml"
        file.write_text("version: 1\n")
        file.chmod(0o600)
        commands = [
            ["device", "remove", "d1"],
            ["device", "revoke", "d1", "--key-id", "k1"],
            ["drain"],
            ["device", "import", str(file), "--policy", "replace"],
        ]
        for words in commands:
            for answer in ("n", "", "perhaps"):
                expect_equal(ask(admin, words, answer), 1, f"{words} answered by {answer!r}")
            expect_equal(admin.requests, [], f"nothing was asked of the daemon by {words}")
            expect_equal(ask(admin, words, "y"), 0, f"{words} confirmed")
            with OnTerminal(admin.arguments(*words, "--yes")) as person:
                expect_equal(person.wait(), 0, f"{words} --yes")
                expect("[y/N]" not in person.output, f"no question: {person.output}")
            expect_equal(admin.run(*words).returncode, 0, f"{words} in a script")
            expect_equal(len(admin.requests), 3, "requests")
            admin.requests.clear()


run(main)
