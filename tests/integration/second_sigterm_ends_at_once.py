"""A second SIGTERM ends a drain that would otherwise wait 30 seconds for a backend that does not read."""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import run
from support.fleet import ONE, fleet
from support.stuck import OPTIONS, drain, fill_queue

AT_ONCE = 3.0


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1), backend_options=OPTIONS, clean_exit=False) as gate:
        fill_queue(gate, backend, gate.connect(ONE))
        drain(gate)
        gate.terminate()
        gate.wait_exit(AT_ONCE)


run(main)
