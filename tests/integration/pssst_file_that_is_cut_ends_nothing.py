"""Whoever cuts the file of a gateway key, or punches a hole into it, while the daemon runs ends nothing: it goes on, knows
what it had accepted, and the next start says that the file has forgotten a part."""

from support.backend import Backend
from support.expect import expect, expect_equal, run
from support.daemon import run_program
from support.pssst_gate import PssstGate

PSSST = {"duplicates": {"window": "1s"}, "once": {"requests": 5_000}}


def answered(client, message):
    request = client.send(message)
    expect_equal(request.open(client.take()), message, "the reply")
    return request


def file_of(gate):
    return next((gate.directory / "state").glob("pssst-replay-*"))


def expect_forgotten(gate):
    done = run_program("--check", "--config", gate.config_file)
    expect(done.returncode != 0, "a check finds it")
    expect("cannot use" in done.stdout + done.stderr, f"it is said: {done.stderr}")


def main():
    with Backend(echo=True) as backend:
        with PssstGate(backend, ["meter-4"], pssst=PSSST, state="state") as gate:
            client = gate.client("meter-4")
            known = [answered(client, b"number %d" % n) for n in range(30)]
            size = file_of(gate).stat().st_size
            for cut_to in (4096, size - 4096, 0):
                with file_of(gate).open("r+b") as file:
                    file.truncate(cut_to)
                known.append(answered(client, b"cut to %d" % cut_to))
            for request in known:
                client.post(request)
            answered(gate.client("meter-4"), b"the last")
            known.append(None)
            expect_equal(len(backend.select(type="data")), len(known), "messages at the backend")
            gate.terminate()
            gate.wait_exit()
            expect(file_of(gate).stat().st_size <= size, "the file is no longer than it was")
            expect_forgotten(gate)
            file_of(gate).unlink()
            gate.start()


run(main)
