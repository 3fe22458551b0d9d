"""A close record from the backend ends the session the protocol's own way.

In A, C and D3, once from the session's own connection and once from another worker's: messages sent before the close
arrive, then the device gets BYE, and the close record says `backend`. Other sessions stay.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import ALL_GENERATIONS, fleet

NAMES = ("A", "C", "D3")
WORKERS = 2


def main():
    devices = fleet(len(NAMES) * WORKERS + 1)
    *closed, staying = devices
    with Backend() as backend, Gatehouse(backend, devices, usmp=ALL_GENERATIONS, workers=WORKERS) as gate:
        steady = gate.connect(staying)
        connections = backend.wait_connections(WORKERS)
        cases = [(name, connection) for name in NAMES for connection in connections]
        for device_id, (name, connection) in zip(closed, cases):
            device = gate.connect(device_id, name)
            device.ping()
            session = backend.opened(device_id)["session"]
            backend.send({"type": "data", "session": session, "payload": b"last words"}, connection)
            backend.send({"type": "close", "session": session}, connection)
            expect_equal(device.expect_bye(), [b"last words"], f"generation {name}: messages before BYE")
            expect_equal(backend.closed(session)["reason"], "backend", f"generation {name}: reason")
            steady.ping()
        gate.wait_metric("gatehouse_sessions_closed_total", len(cases), listener="fleet", reason="backend")


run(main)
