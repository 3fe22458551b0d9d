"""Two daemons never share a UDP port without a word: the second one says that it cannot bind, and ends with 1.

The first one goes on. TCP and UDP listeners of one daemon may have the same port number.
"""

import subprocess

from support.backend import Backend
from support.daemon import UDP, Gatehouse, binary
from support.expect import expect, expect_equal, run
from support.fleet import ONE, TWO, fleet
from support.hostile import expect_alive
from support.ports import free_port


def check_second_daemon(bind):
    """A daemon of its own, whose only listener has the port of the first one."""
    other = Gatehouse(None, fleet(1), listener={**UDP, "bind": bind})
    result = subprocess.run(
        [binary(), "--config", other.config_file], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20
    )
    other._cleanup(failed=False)
    expect_equal(result.returncode, 1, f"exit status: {result.stderr}")
    expect("cannot bind" in result.stderr, f"it says why: {result.stderr}")


def main():
    port = free_port()
    bind = f"127.0.0.1:{port}"
    listeners = [{"name": "fleet", "bind": bind, **UDP}, {"name": "stream", "bind": bind}]
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(2), listeners=listeners) as gate:
        device = gate.connect_datagram(ONE, port=port)
        expect_alive(gate.connect(TWO, port=port))
        check_second_daemon(bind)
        expect_alive(device)


run(main)
