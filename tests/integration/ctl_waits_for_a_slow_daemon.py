"""A daemon that takes its time is waited for, one that never answers is given up after --timeout, byte by byte or silent."""

import time

from support.expect import expect, expect_equal, run
from support.fake_admin import FakeAdmin


def slow(request):
    time.sleep(1.5)
    return {"done": True, "generation": 2}


def silent(request):
    time.sleep(10)
    return {}


def main():
    with FakeAdmin({("POST", "/v1/reload"): slow, ("GET", "/v1/status"): silent}) as admin:
        done = admin.run("reload")
        expect_equal((done.returncode, done.stdout), (0, "reloaded, generation 2\n"), "a slow answer")
        begin = time.monotonic()
        given_up = admin.run("status", "--timeout", "0.5")
        expect_equal(given_up.returncode, 1, "exit status")
        expect("did not answer within 0.5s" in given_up.stderr, f"the reason: {given_up.stderr}")
        expect(time.monotonic() - begin < 8, "it was given up in time")


run(main)
