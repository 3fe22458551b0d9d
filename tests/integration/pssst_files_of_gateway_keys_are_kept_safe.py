"""The file that says what a gateway key has accepted is never replaced by an empty one: a daemon that finds it in use,
cut, or of another kind or key says so by its name and does not start, and `--check` says the same. Another number of
requests, or a reload without the key, keeps it. Without a state directory the log says what can be repeated.
"""

import pathlib
import shutil
import signal

from support.backend import Backend
from support.changes import reloading, replace, write_config
from support.daemon import run_program
from support.expect import expect, expect_equal, run
from support.pssst_gate import PssstGate

FEW, MANY = {"once": {"requests": 5_000}}, {"once": {"requests": 50_000}}
CAPACITY = "gatehouse_pssst_once_capacity"


def file_of(gate):
    (found,) = pathlib.Path(gate.config["state_directory"]).glob("pssst-replay-*")
    return found


def expect_refused(gate, *words, check=True):
    for arguments in [["--check"], []] if check else [[]]:
        done = run_program("--config", gate.config_file, *arguments)
        expect_equal(done.returncode, 1, f"exit code with {arguments}: {done.stdout + done.stderr}")
        for word in words:
            expect(word in done.stdout + done.stderr, f"{word!r} is said with {arguments}: {done.stderr}")


def check_ok(gate):
    done = run_program("--check", "--config", gate.config_file)
    expect_equal(done.returncode, 0, f"--check said {done.stderr}")
    return done.stderr


def in_use(backend, gate):
    """By the daemon that runs: another one does not start, and a check of either is content."""
    with_same = PssstGate(backend, ["meter-4"], state=gate.config["state_directory"])
    try:
        check_ok(gate)
        check_ok(with_same)
        expect_refused(with_same, str(file_of(gate)), "in use", check=False)
    finally:
        shutil.rmtree(with_same.directory)


def main():
    with Backend(echo=True) as backend:
        with PssstGate(backend, ["meter-4"], pssst=FEW) as gate:
            gate.wait_log_record("replay protection", level="warn")
            expect("state_directory" in check_ok(gate), "a check tells what can be repeated")
            gate.config["state_directory"] = str(gate.directory / "state")
            write_config(gate)
            gate.restart()
            expect_equal(len(gate.log_records("replay protection")), 1, "warnings, once there is a directory")
            client = gate.client("meter-4")
            request = client.send(b"once")
            expect(client.take(), "the request is answered")
            in_use(backend, gate)

            gate.config["listeners"][0]["pssst"] = MANY
            write_config(gate)
            with reloading(gate):
                gate.signal(signal.SIGHUP)
            for _ in range(2):
                gate.restart()
                expect_equal(gate.metric(CAPACITY, credentials="fleet"), 5_000, "what the key may accept")
                gate.drops_silently(client, request, "repeated_unanswered")

            with reloading(gate):
                replace(gate.credential_file, gate.ring(["g2"], ["meter-4"]))
            expect_equal(gate.metric(CAPACITY, credentials="fleet"), 50_000, "what a new key may accept")
            gate.restart()
            with reloading(gate):
                replace(gate.credential_file, gate.ring(["g1"], ["meter-4"]))
            gate.drops_silently(client, request, "repeated_unanswered")

            gate.terminate()
            gate.wait_exit()
            for file in pathlib.Path(gate.config["state_directory"]).glob("pssst-replay-*"):
                whole = file.read_bytes()
                file.write_bytes(whole[:-4096])
            expect_refused(gate, "pssst-replay-", "another size", "another key")
            for file in pathlib.Path(gate.config["state_directory"]).glob("pssst-replay-*"):
                file.write_bytes(b"something else" * 10_000)
            expect_refused(gate, "pssst-replay-", "another kind of file")
            for file in pathlib.Path(gate.config["state_directory"]).glob("pssst-replay-*"):
                file.chmod(0o644)
            expect_refused(gate, "pssst-replay-", "chmod 600")
            for file in pathlib.Path(gate.config["state_directory"]).glob("pssst-replay-*"):
                file.unlink()
            gate.start()


run(main)
