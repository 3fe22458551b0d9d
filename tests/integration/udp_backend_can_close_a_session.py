"""A close record from the backend ends a UDP session the protocol's own way, from any connection.

For C and D3, from each of two workers' connections: the device gets BYE, and the close record says `backend`. Of the
messages sent before the close, each arrives before BYE or is reported as undelivered: none is lost without a word.
Other sessions stay.
"""

from support.backend import Backend, payload_of
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet

NAMES = ("C", "D3")
WORKERS = 2
TEXTS = [b"some", b"last", b"words"]
ADMITTED = {"generations": ["2", "1-bound"]}


def main():
    devices = fleet(len(NAMES) * WORKERS + 1)
    *closed, staying = devices
    with Backend() as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP, workers=WORKERS) as gate:
        steady = gate.connect_datagram(staying)
        connections = backend.wait_connections(WORKERS)
        cases = [(name, connection) for name in NAMES for connection in connections]
        for device_id, (name, connection) in zip(closed, cases):
            device = gate.connect_datagram(device_id, name)
            session = backend.opened(device_id)["session"]
            for text in TEXTS:
                backend.send({"type": "data", "session": session, "payload": text}, connection)
            backend.send({"type": "close", "session": session}, connection)
            heard = device.expect_bye()
            expect_equal(heard, TEXTS[: len(heard)], f"{name}: messages before BYE")
            expect_equal(backend.closed(session)["reason"], "backend", f"{name}: reason")
            reported = [payload_of(record) for record in backend.select(type="undelivered", session=session)]
            expect(set(TEXTS) <= {*heard, *reported}, f"{name}: heard {heard}, reported {reported}")
            steady.ping()
        gate.wait_metric("gatehouse_sessions_closed_total", len(cases), listener="fleet", reason="backend")


run(main)
