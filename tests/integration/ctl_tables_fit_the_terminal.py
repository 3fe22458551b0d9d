"""On a terminal no line of a table is wider than it: names are cut, then columns left out, which is said.

Ages are whole seconds everywhere, and one thing is not `1 things`. A pipe gets everything.
"""

import re

from support.expect import expect, run
from support.fake_admin import FakeAdmin
from support.terminal import OnTerminal

LONG = "a-name-that-somebody-thought-about-for-quite-some-time"
DEVICE = "02:00:00:00:00:01"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
LISTENER = {
    "name": LONG,
    "protocol": "pssst",
    "transport": "udp",
    "address": "[2001:db8:1234:5678:9abc:def0:1234:5678]:65535",
    "bind": "eth0:65535",
    "credentials": LONG,
    "backend": LONG,
    "sessions": 1234567,
    "handshakes": {"ok": 12345678901, "auth_failed": 2},
    "messages": {"up": 12345678901, "down": 12345678901},
}
SESSION = {
    "session": "0100000000000001",
    "device": DEVICE,
    "name": LONG,
    "listener": LONG,
    "peer": "192.168.100.101:65535",
    "protocol": "usmp",
    "generation": "1-bound",
    "credential": LONG,
    "age": 3.0,
    "idle": 3.25,
    "messages_up": 4711,
}
SEEN = {
    "device": DEVICE,
    "name": LONG,
    "credentials": LONG,
    "source": "store",
    "enabled": True,
    "sessions": ["0100000000000001"],
    "last_seen": "2026-11-22T19:00:00Z",
    "last_key": LONG,
    "session": "0100000000000001",
    "keys": [{"id": LONG, "state": "active", "not_before": None, "not_after": "2026-12-01T00:00:00Z"}] * 3,
}
ANSWERS = {
    "/v1/status": {
        "version": "1.0.0",
        "pid": 1,
        "uptime": 4.0,
        "workers": 1,
        "state": "serving",
        "config": {"file": "/g.yaml", "generation": 1, "loaded": "2026-11-22T19:00:00Z"},
        "listeners": [LISTENER],
        "backends": [{"name": LONG, "socket": "/run/" + LONG, "connected": 1, "links": 2, "queued_bytes": 2048}],
    },
    "/v1/sessions": {"sessions": [SESSION], "total": 1234567, "truncated": True},
    "/v1/credentials": {
        "credentials": [
            {
                "name": LONG,
                "source": "store",
                "devices": 1234567,
                "masters": 0,
                "keys": {"active": 1234567, "expiring": 0, "expired": 0, "pending": 0, "revoked": 1234567},
                "sessions": 1234567,
                "path": "/var/lib/" + LONG,
            }
        ]
    },
    "/v1/keys": {
        "keys": [
            {
                "credentials": LONG,
                "id": LONG,
                "kind": "gateway",
                "devices": 1234567,
                "seen": 1234567,
                "sessions": 1234567,
                "last_used": "2026-11-22T19:00:00Z",
                "states": {"active": 1, "expiring": 2, "expired": 3, "revoked": 4},
            }
        ]
    },
    "/v1/keys/old/stale": {"credentials": "fleet", "id": "old", "total": 1, "devices": [SEEN]},
    "/v1/devices": {"devices": [SEEN] * 3},
    f"/v1/devices/{DEVICE}": SEEN,
}
COMMANDS = [
    ["status"],
    ["sessions"],
    ["credentials"],
    ["keys"],
    ["keys", "--stale", "old"],
    ["device", "list"],
    ["device", "show", DEVICE],
]


def lines_of(admin, words, columns):
    with OnTerminal(admin.arguments(*words), {"COLUMNS": str(columns)}) as person:
        expect(person.wait() == 0, f"{words}: {person.output}")
        return [ESCAPE.sub("", line) for line in person.output.splitlines()]


def check_width(admin, words, columns):
    lines = lines_of(admin, words, columns)
    for line in lines:
        expect(len(line) <= columns, f"{words} in {columns} columns: {len(line)} in {line!r}")
    return "\n".join(lines)


def main():
    with FakeAdmin({("GET", path): document for path, document in ANSWERS.items()}) as admin:
        for words in COMMANDS:
            for columns in (80, 100, 132):
                check_width(admin, words, columns)
            piped = admin.run(*words).stdout
            expect(LONG in piped and "no room" not in piped, f"a pipe gets everything of {words}: {piped}")

        sessions = check_width(admin, ["sessions"], 80)
        for text in ("0100000000000001", DEVICE, "192.168.100.10", "a-name-", "(no room for LISTENER, PROTOCOL, KEY", "(1 of 1234567"):
            expect(text in sessions, f"{text!r} in 80 columns: {sessions}")
        expect(re.search(r" 3s +3s ", sessions), f"ages are whole seconds: {sessions}")
        status = check_width(admin, ["status"], 80)
        expect("up 4s" in status and "1 worker\n" in status, f"whole seconds and one worker: {status}")
        expect("(eth0)" in check_width(admin, ["status"], 300), "the name that a listener's address was found by")
        stale = check_width(admin, ["keys", "--stale", "old"], 80)
        expect("1 device of fleet has a newer key than old and was not seen" in stale, f"one device: {stale}")


run(main)
