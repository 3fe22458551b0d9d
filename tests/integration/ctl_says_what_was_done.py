"""Each command that changes something says in one line what was done, in one form: about what, what happened, what is new.

With `--json` standard output is one document whatever happens, also when the command line is wrong.
"""

import json

from support.expect import expect, expect_equal, run
from support.fake_admin import FakeAdmin

KEY = {"done": True, "device": "d1", "key": {"id": "k2", "secret": "hex:" + "5a" * 32}, "closes": "2026-12-01T00:00:00Z"}
DONE = {"done": True}
ANSWERS = {
    ("POST", "/v1/reload"): {**DONE, "generation": 4, "changes": []},
    ("POST", "/v1/drain"): DONE,
    ("PUT", "/v1/log-level"): DONE,
    ("POST", "/v1/sessions/0100/close"): DONE,
    ("POST", "/v1/devices"): {k: v for k, v in KEY.items() if k != "closes"},
    ("POST", "/v1/devices/d1/rotate"): KEY,
    ("POST", "/v1/devices/d1/enable"): DONE,
    ("POST", "/v1/devices/d1/disable"): DONE,
    ("POST", "/v1/devices/d1/revoke"): DONE,
    ("DELETE", "/v1/devices/d1"): DONE,
    ("POST", "/v1/devices/d1/psk"): {"device": "d1", "id": "k1", "secret": "hex:" + "5a" * 32},
    ("POST", "/v1/backup"): {**DONE, "file": "/copy.db"},
    ("POST", "/v1/purge"): lambda request: {**DONE, "purged": 1 if request.document()["closed_for"] == "1d" else 2},
}
SAID = [
    (["reload"], "reloaded, generation 4\n"),
    (["drain", "--yes"], "draining, no new sessions, and the daemon ends after the last one\n"),
    (["log-level", "debug"], "log level set, debug\n"),
    (["session", "close", "0100"], "session 0100 closed\n"),
    (["device", "enable", "d1"], "device d1 enabled\n"),
    (["device", "disable", "d1"], "device d1 disabled\n"),
    (["device", "revoke", "d1", "--yes"], "device d1 revoked, all keys\n"),
    (["device", "revoke", "d1", "--key-id", "k1", "--yes"], "device d1 revoked, key k1\n"),
    (["device", "remove", "d1", "--yes"], "device d1 removed\n"),
    (["store", "backup", "/copy.db"], "store copied, file /copy.db\n"),
    (["store", "purge", "--closed-for", "1d", "--yes"], "1 key forgotten\n"),
    (["store", "purge", "--closed-for", "2d", "--yes"], "2 keys forgotten\n"),
]
HANDED_OUT = [
    (["device", "add", "d1"], "device d1 added, key k2\n"),
    (["device", "rotate", "d1"], "device d1 rotated, key k2, older keys close at 2026-12-01T00:00:00Z\n"),
    (["device", "psk", "d1"], "device d1 shown, key k1\n"),
]
WRONG = [
    ["nonsense"],
    ["device", "nonsense"],
    ["status", "--nonsense"],
    [],
    ["sessions", "--limit", "none"],
    ["keygen", "rsa", "--out", "x"],
    ["device", "show"],
]


def main():
    with FakeAdmin(ANSWERS) as admin:
        for words, wanted in SAID:
            done = admin.run(*words)
            expect_equal((done.returncode, done.stdout), (0, wanted), f"what {words} says: {done.stderr}")
        for number, (words, wanted) in enumerate(HANDED_OUT):
            file = admin.directory / f"{number}.key"
            done = admin.run(*words, "--out", file)
            expect_equal(done.stdout, wanted + f"written to {file}\n", f"what {words} says: {done.stderr}")

        asked = len(admin.requests)
        for words in WRONG:
            for line in (["--json", *words], [*words, "--json"]):
                wrong = admin.run(*line)
                expect_equal(wrong.returncode, 2, f"exit status of {line}")
                document = json.loads(wrong.stdout)
                expect_equal(document["error"]["code"], "usage", f"the code of {line}")
                expect(document["error"]["message"] in wrong.stderr, f"the reason of {line} for people: {wrong.stderr}")
                expect_equal(wrong.stdout.count("\n"), 1, f"lines of {line}")
        expect_equal(len(admin.requests), asked, "requests after wrong usage")
        expect("gatehousectl" in json.loads(admin.run("--json", "--version").stdout), "the version as a document")


run(main)
