"""The socket file of a daemon that was killed does not keep the next one from starting; that of a living one does.

After SIGKILL the file is there and nobody answers: the next daemon takes its place. A second daemon with the same socket
says that another serves it and ends with 1, and the first one goes on answering. A file that is no socket is not removed.
"""

import subprocess

from support.admin import admin_of
from support.backend import Backend
from support.daemon import Gatehouse, binary
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet
from support.ports import free_port
from support.yaml_text import to_yaml


def start_second(gate, name):
    config = {**gate.config, "metrics": {"bind": f"127.0.0.1:{free_port()}"}, "admin": {"socket": name}}
    config["listeners"] = [{**gate.config["listeners"][0], "bind": f"127.0.0.1:{free_port()}"}]
    second = gate.config_file.with_name("second.yaml")
    second.write_text(to_yaml(config))
    arguments = [binary(), "--config", second]
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
    expect_equal(done.returncode, 1, f"exit status: {done.stderr}")
    expect("cannot bind" in done.stderr, f"it says why: {done.stderr}")
    return done.stderr


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1)) as gate:
        admin = admin_of(gate)
        gate.process.kill()
        gate.wait_exit()
        expect(admin.path.exists(), "the socket's file was left behind")
        gate.start()
        expect_equal(admin.get("/v1/status")["pid"], gate.process.pid, "who answers")

        said = start_second(gate, "admin.sock")
        expect("another daemon" in said, f"it says that another one is there: {said}")
        expect_equal(admin.get("/v1/status")["pid"], gate.process.pid, "who answers after a second one tried")
        plain = gate.directory / "plain.txt"
        plain.write_text("mine")
        start_second(gate, "plain.txt")
        expect_equal(plain.read_text(), "mine", "a file that is no socket")
        gate.connect(ONE).ping()
        gate.terminate()
        expect_equal(gate.wait_exit(), 0, "exit status")
        expect(not admin.path.exists(), "a daemon that ends takes its socket's file with it")


run(main)
