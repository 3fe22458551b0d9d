"""Every command asks the daemon for what docs/reference/admin-api.md names, and nothing else."""

from support.expect import expect_equal, run
from support.fake_admin import FakeAdmin

SECRET = ["--out", "-"]
CASES = [
    ("sessions --device d --listener l --credential k --limit 5", "GET /v1/sessions",
     {"device": "d", "listener": "l", "credential": "k", "limit": "5"}, None),
    ("session close 01/..", "POST /v1/sessions/01/../close", {}, b""),
    ("credentials", "GET /v1/credentials", {}, None),
    ("keys --credentials fleet", "GET /v1/keys", {"credentials": "fleet"}, None),
    ("keys --stale 2026-05 --limit 3", "GET /v1/keys/2026-05/stale", {"limit": "3"}, None),
    ("device list --limit 3", "GET /v1/devices", {"limit": "3"}, None),
    ("device show 02:01 --credentials f&g", "GET /v1/devices/02:01", {"credentials": "f&g"}, None),
    ("device enable d", "POST /v1/devices/d/enable", {}, {}),
    ("device disable d --credentials f", "POST /v1/devices/d/disable", {}, {"credentials": "f"}),
    ("device remove d --credentials f", "DELETE /v1/devices/d", {"credentials": "f"}, None),
    ("device revoke d --key-id k", "POST /v1/devices/d/revoke", {}, {"id": "k"}),
    ("device rotate d --overlap 7d --key-id k", "POST /v1/devices/d/rotate", {}, {"overlap": "7d", "id": "k"}),
    ("device add d --not-after 2027-01-01T00:00:00Z", "POST /v1/devices", {},
     {"device": "d", "key": {"not_after": "2027-01-01T00:00:00Z"}}),
    ("device psk d --key-id k", "POST /v1/devices/d/psk", {}, {"id": "k"}),
    ("device export --credentials f", "POST /v1/export", {"credentials": "f"}, b""),
    ("reload", "POST /v1/reload", {}, b""),
    ("drain", "POST /v1/drain", {}, b""),
    ("log-level", "GET /v1/log-level", {}, None),
    ("log-level debug", "PUT /v1/log-level", {}, {"level": "debug"}),
]


def main():
    with FakeAdmin() as admin:
        for line, wanted, parameters, body in CASES:
            words = line.split()
            secret = words[0] == "device" and words[1] in ("add", "rotate", "psk", "export")
            expect_equal(admin.run(*words, *(SECRET if secret else [])).returncode, 1, f"exit status of {line}")
            expect_equal(len(admin.requests), 1, f"requests of {line}")
            request = admin.requests.pop()
            expect_equal(f"{request.method} {request.path}", wanted, line)
            expect_equal(request.parameters, parameters, f"parameters of {line}")
            if isinstance(body, dict):
                expect_equal(request.document(), body, f"body of {line}")
            else:
                expect_equal(request.body, body or b"", f"body of {line}")


run(main)
