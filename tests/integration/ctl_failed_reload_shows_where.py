"""A refused reload is one clear line and the problems as FILE:LINE:COL: text, on standard error; exit 1.

A problem of a whole file has no place in it.

`status` warns of it as long as the daemon says so.
"""

from support.expect import expect, expect_equal, run
from support.fake_admin import FakeAdmin, refusal

PROBLEMS = [
    {"file": "/etc/gatehouse/gatehouse.yaml", "line": 3, "column": 7, "text": "unknown key bnid; did you mean bind?"},
    {"file": "keys/fleet.yaml", "line": 12, "column": 1, "text": "empty"},
    {"file": "fleet.db", "line": 0, "column": 0, "text": "locked"},
]
LINE = "/etc/gatehouse/gatehouse.yaml:3:7: unknown key bnid; did you mean bind?\n"


def main():
    answers = {
        ("POST", "/v1/reload"): refusal(422, "refused", "the new configuration is wrong", problems=PROBLEMS),
        ("GET", "/v1/status"): {
            "state": "serving",
            "config": {"generation": 3, "reload_failed": {"time": "2026-01-01T00:00:00Z", "problems": PROBLEMS}},
        },
    }
    with FakeAdmin(answers) as admin:
        refused = admin.run("reload")
        expect_equal(refused.returncode, 1, "exit status")
        wanted = "gatehousectl: the new configuration is wrong\n" + LINE + "keys/fleet.yaml:12:1: empty\nfleet.db: locked\n"
        expect_equal(refused.stderr, wanted, "standard error")
        expect_equal(refused.stdout, "", "standard output")
        status = admin.run("status").stdout
        expect("WARNING" in status and "  " + LINE in status, f"status warns: {status}")
        expect("\x1b" not in status, "no colours in a pipe")
        answers["POST", "/v1/reload"] = {"done": True, "generation": 4, "changes": ['listener "b" added']}
        done = admin.run("reload")
        expect_equal(done.stdout, 'reloaded, generation 4\n  listener "b" added\n', "a reload that was done")


run(main)
