"""Nothing that a daemon says drives the operator's terminal: names, error texts, documents and completions."""

import json

from support.expect import expect, expect_equal, run
from support.fake_admin import FakeAdmin, refusal

EVIL = "a\x1b]0;owned\x07\r\nb\u009b31m\u202ec"


def is_harmless(text):
    return all(c == "\n" or (c.isprintable() and c != "\u202e") for c in text)


def main():
    answers = {
        ("GET", "/v1/devices"): {"devices": [{"device": EVIL, "name": EVIL}, {"device": "02:00"}]},
        ("GET", "/v1/devices/d"): {"device": "d", "name": EVIL, "keys": [{"id": EVIL}], "sessions": [EVIL]},
        ("GET", "/v1/keys"): {"keys": [{"id": EVIL, "states": {EVIL: 1}}, {"id": "$(touch x)"}, {"id": "k1"}]},
        ("POST", "/v1/reload"): refusal(422, EVIL, EVIL, problems=[{"file": EVIL, "text": EVIL}]),
    }
    with FakeAdmin(answers) as admin:
        for words in (["device", "list"], ["device", "show", "d"], ["keys"], ["reload"]):
            for form in ([], ["--json"]):
                result = admin.run(*words, *form)
                expect(is_harmless(result.stdout + result.stderr), f"{words}: {result.stdout + result.stderr!r}")
        document = json.loads(admin.run("device", "list", "--json").stdout)
        expect_equal(document["devices"][0]["name"], EVIL, "the document means the same")
        expect_equal(admin.run("__complete", "devices").stdout, "02:00\n", "completions")
        expect_equal(admin.run("__complete", "keys").stdout, "k1\n", "completions")


run(main)
