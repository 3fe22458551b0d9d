"""gatehousectl and gatehouse-sim are not ended by a signal because what they write cannot be written.

When the reader of their standard output has gone, or it was closed, they say so and end with 1; without standard error they do their
work and end as they would. A file that may not grow any more is an error too. Descriptors that were closed are taken by nothing else.
"""

import os
import resource
import signal
import subprocess

from support.admin import admin_of
from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet


def program(name):
    return os.environ[name.upper().replace("-", "_")]


def broken_pipe():
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def outcome(words, before=None, **streams):
    def prepare():
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        if before:
            before()

    done = subprocess.Popen(
        words, stdin=subprocess.DEVNULL, preexec_fn=prepare,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams},
    )
    out, errors = done.communicate(timeout=60)
    return done.returncode, (out or b"").decode(), (errors or b"").decode()


def commands_of(gate):
    psk = gate.directory / "one.key"
    psk.write_bytes(gate.key(ONE))
    psk.chmod(0o600)
    device = ["--connect", f"127.0.0.1:{gate.port}", "--psk", f"file:{psk}"]
    status = [program("gatehousectl"), "--socket", str(admin_of(gate).path), "status"]
    load = [program("gatehouse-sim"), "load", *device, "--devices", "1", "--hold", "200ms", "--json"]
    send = [program("gatehouse-sim"), "send", *device, "--device", ONE, "--message", "hello", "--expect-reply"]
    return status, load, send


def check_no_reader(words):
    code, _, said = outcome(words, stdout=broken_pipe())
    expect_equal(code, 1, f"exit status of {words}: {said}")
    expect("standard output cannot be written" in said, f"what it says: {said}")
    code, _, said = outcome(words, before=lambda: os.close(1))
    expect_equal(code, 1, f"exit status of {words} with closed standard output: {said}")


def check_no_errors(words):
    for streams, before in (({"stderr": broken_pipe()}, None), ({}, lambda: os.close(2))):
        code, out, _ = outcome(words, before, **streams)
        expect_equal(code, 0, f"exit status of {words} without standard error")
        expect(out, "its result")


def check_full_file(gate, words):
    def before():
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))

    file = gate.directory / "out.txt"
    with open(file, "wb") as out:
        code, _, said = outcome(words, before, stdout=out)
    expect_equal(code, 1, f"exit status with a file that may not grow: {said}")


def main():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(1)) as gate:
        status, load, send = commands_of(gate)
        for words in (status, send):
            check_no_reader(words)
        for words in (status, send):
            check_no_errors(words)
        check_full_file(gate, status)
        help_text = [program("gatehouse-sim"), "--help"]
        check_no_reader(help_text)
        check_no_errors(load)


run(main)
