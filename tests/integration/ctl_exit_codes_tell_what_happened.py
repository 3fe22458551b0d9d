"""gatehousectl exits with 0 when it was done, 1 when it was refused or failed, 2 when the command line is wrong."""

from support.expect import expect, expect_equal, run
from support.fake_admin import FakeAdmin, refusal

WRONG = [
    [],
    ["device"],
    ["devcie", "list"],
    ["status", "--nonsense"],
    ["session", "close"],
    ["device", "show", "a", "b"],
    ["sessions", "--limit", "none"],
    ["sessions", "--limit"],
    ["sessions", "--device", "a", "--device", "b"],
    ["status", "--watch", "0"],
    ["device", "import", "x", "--policy", "all"],
    ["completion", "tcsh"],
    ["help", "nothing"],
]


def main():
    answers = {
        ("GET", "/v1/version"): {"version": "1.2.3", "openssl": "3.0", "api": 1},
        ("POST", "/v1/sessions/0100/close"): refusal(404, "unknown_session", "no session 0100"),
    }
    with FakeAdmin(answers) as admin:
        done = admin.run("version")
        expect_equal(done.returncode, 0, f"exit status of version: {done.stderr}")
        expect("1.2.3" in done.stdout, f"the version is shown: {done.stdout}")
        refused = admin.run("session", "close", "0100")
        expect_equal(refused.returncode, 1, "exit status of a refusal")
        expect_equal(refused.stderr, "gatehousectl: no session 0100\n", "the reason")
        expect_equal(len(admin.requests), 2, "requests")
        for words in WRONG:
            wrong = admin.run(*words)
            expect_equal(wrong.returncode, 2, f"exit status of {words}")
            expect(wrong.stderr.startswith("gatehousectl: "), f"{words} is explained: {wrong.stderr!r}")
            expect_equal(wrong.stdout, "", f"output of {words}")
        expect_equal(len(admin.requests), 2, "requests after wrong usage")
        expect("did you mean device list?" in admin.run("devcie", "list").stderr, "a suggestion")
        for words in (["help"], ["--help"], ["device", "--help"], ["help", "device", "rotate"], ["--version"]):
            expect_equal(admin.run(*words).returncode, 0, f"exit status of {words}")


run(main)
