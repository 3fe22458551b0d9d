"""A daemon that ends takes its own administration socket with it, and never one that another daemon has made at its path since.

Of several daemons that start at one moment beside a socket that nobody serves, one gets it, the others say who has it and end; and
one whose daemon has no time for new connections is not taken for abandoned.
"""

import socket
import subprocess

from support.admin import admin_of
from support.backend import Backend
from support.daemon import Gatehouse, binary
from support.expect import eventually, expect, expect_equal, run
from support.fleet import ONE, fleet
from support.own_start import die_with_parent
from support.ports import free_port
from support.yaml_text import to_yaml

AT_ONCE = 4


def write_another(gate, name):
    """The configuration of another daemon with the same administration socket."""
    config = {**gate.config, "metrics": {"bind": f"127.0.0.1:{free_port()}"}}
    config["listeners"] = [{**gate.config["listeners"][0], "bind": f"127.0.0.1:{free_port()}"}]
    file = gate.config_file.with_name(f"{name}.yaml")
    file.write_text(to_yaml(config))
    return file


def begin(file):
    with open(file.with_suffix(".log"), "wb") as log:
        return subprocess.Popen([binary(), "--config", file], stdin=subprocess.DEVNULL, stderr=log, preexec_fn=die_with_parent)


def served_by(admin):
    try:
        return admin.get("/v1/status")["pid"]
    except OSError:
        return None


def end(process):
    process.terminate()
    expect_equal(process.wait(20), 0, "exit status")


def check_another(backend):
    with Gatehouse(backend, fleet(1)) as gate:
        admin = admin_of(gate)
        gate.connect(ONE).ping()
        admin.path.unlink()  # as somebody does who takes it for abandoned
        another = begin(write_another(gate, "another"))
        eventually(lambda: served_by(admin) == another.pid, "the other daemon serves the socket", 20.0)
        gate.terminate()
        expect_equal(gate.wait_exit(), 0, "exit status")
        expect(admin.path.exists(), "the other daemon's socket is still there")
        expect_equal(served_by(admin), another.pid, "who answers")
        end(another)
        expect(not admin.path.exists(), "and goes with it")


def check_race(backend):
    with Gatehouse(backend, fleet(1)) as gate:
        admin = admin_of(gate)
        gate.process.kill()
        gate.wait_exit()
        expect(admin.path.exists(), "the socket's file was left behind")
        files = [write_another(gate, f"racer{number}") for number in range(AT_ONCE)]
        racers = [begin(file) for file in files]
        try:
            eventually(lambda: sum(r.poll() is None for r in racers) == 1, "one is left", 60.0)
            winner = next(r for r in racers if r.poll() is None)
            eventually(lambda: served_by(admin) == winner.pid, "the one that is left serves it", 20.0)
            for racer, file in zip(racers, files):
                if racer is not winner:
                    expect_equal(racer.returncode, 1, "exit status of the others")
                    said = file.with_suffix(".log").read_text()
                    expect("another daemon serves it" in said, f"what they say: {said}")
            end(winner)
        finally:
            for racer in racers:
                racer.kill()
        gate.start()


def check_busy(backend):
    """A listening socket whose queue is full, of somebody who does not accept."""
    with Gatehouse(backend, fleet(1)) as gate:
        file = write_another(gate, "late")
        path = gate.directory / "admin.sock"
        gate.terminate()
        gate.wait_exit()
        waiting = []
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as busy:
            busy.bind(str(path))
            busy.listen(0)
            for _ in range(2):
                client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                client.setblocking(False)
                try:
                    client.connect(str(path))
                except BlockingIOError:
                    pass
                waiting.append(client)
            late = begin(file)
            expect_equal(late.wait(20), 1, "exit status")
            said = file.with_suffix(".log").read_text()
            expect("another daemon serves it" in said, f"what it says: {said}")
            expect(path.exists(), "the socket stays")
            for client in waiting:
                client.close()
        path.unlink()
        gate.start()


def main():
    with Backend(echo=True) as backend:
        check_another(backend)
        check_busy(backend)
        check_race(backend)


run(main)
