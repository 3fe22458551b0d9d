"""When the rate of handshakes is scarce, devices that proved themselves within the last hour come first.

With twenty handshakes a second and a flood of eighty networks, in which a stranger's chance is small, a device gets in at
its first try where one proved itself before: also after a restart, since the gateway remembers it in `state_directory`.
A file there that is broken, or others may read, is ignored, with a line in the log.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import ONE, TWO, fleet
from support.flood import Flood, networks
from support.hostile import expect_alive
from support.stranger import any_hello

RATE = 20
A_SECOND = 400
TRIES = 3


def refused(gate):
    return gate.metric("gatehouse_limited_total", listener="fleet", limit="handshakes_per_second")


def wait_refused(gate, more):
    wanted = refused(gate) + more
    eventually(lambda: refused(gate) >= wanted, "the rate is used up", 60.0)


def gets_in_first(gate, source):
    """A device at its old address, and one that is known by its name at another."""
    with Flood(gate.port, networks(80), any_hello(), A_SECOND):
        wait_refused(gate, 8 * RATE)
        for _ in range(TRIES):
            for name, at in ((ONE, source), (TWO, "127.77.1.1")):
                device = gate.connect(name, source=at)
                expect_alive(device)
                device.close()
            wait_refused(gate, A_SECOND)


def restart(gate):
    gate.terminate()
    expect_equal(gate.wait_exit(), 0, "exit code")
    gate.start()


def main():
    settings = {"state_directory": "state"}
    limits = {"handshakes_per_second": RATE}
    with Backend(echo=True) as backend:
        with Gatehouse(backend, fleet(2), limits=limits, settings=settings) as gate:
            expect_alive(gate.connect(ONE, source="127.0.0.9"))
            expect_alive(gate.connect(TWO, source="127.0.0.10"))
            restart(gate)
            gets_in_first(gate, "127.0.0.9")
            kept = gate.directory / "state" / "recent-proofs"
            restart(gate)
            expect_equal(gate.log_records("state ignored"), [], "what was ignored")
            expect(kept.stat().st_size < 200_000, f"{kept.stat().st_size} bytes for a few devices")

            gate.terminate()
            gate.wait_exit()
            kept.write_bytes(kept.read_bytes()[:-1] + b"?")
            gate.start()
            gate.wait_log_record("state ignored")
            expect_alive(gate.connect(ONE))
            gate.terminate()
            gate.wait_exit()
            kept.chmod(0o644)
            gate.start()
            eventually(lambda: len(gate.log_records("state ignored")) == 2, "an open file is ignored")


run(main)
