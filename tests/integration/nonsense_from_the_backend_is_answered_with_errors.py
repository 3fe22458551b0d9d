"""A record that cannot be executed is answered with an error record, and changes nothing else.

Records for unknown sessions and devices, of unknown types, with missing fields, fields of wrong types, broken base64,
and messages larger than the device's generation can take are sent, first one by one, then a thousand at once. Each is
answered by one error record on the same connection; connection and session stay.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import ALL_GENERATIONS, ONE, TWO, device_name, fleet
from support.hostile import expect_alive


def nonsense(session, session_of_a):
    return [
        {"type": "data", "session": "0123456789abcdef", "payload": b"for nobody"},
        {"type": "data", "device": device_name(999), "payload": b"for nobody"},
        {"type": "close", "session": "0123456789abcdef"},
        {"type": "dance", "session": session},
        {"session": session, "payload": b"no type"},
        {"type": 7, "session": session},
        {"type": "data", "payload": b"no address"},
        {"type": "data", "session": session},
        {"type": "data", "session": session, "data": "not base64!"},
        {"type": "data", "session": session, "data": 12},
        {"type": "data", "session": "not hex", "payload": b"x"},
        {"type": "data", "session": session, "payload": bytes(1809)},
        {"type": "data", "session": session_of_a, "payload": bytes(465)},
        {"type": "close"},
    ]


def main():
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(2), usmp=ALL_GENERATIONS) as gate:
        device, old = gate.connect(ONE), gate.connect(TWO, "A")
        for alive in (device, old):
            expect_alive(alive)
        session, session_of_a = (backend.opened(name)["session"] for name in (ONE, TWO))
        connection = backend.connection_of(session)
        records = nonsense(session, session_of_a)
        for count, record in enumerate(records, start=1):
            backend.send(record, connection)
            errors = backend.wait_for(count, type="error")
            expect_equal(errors[-1]["connection"], connection.number, f"connection of the answer to {record}")
            expect_equal(type(errors[-1].get("error")), str, f"answer to {record}: {errors[-1]}")

        for _ in range(1000):
            backend.send(records[0], connection)
        backend.wait_for(len(records) + 1000, type="error")
        for alive in (device, old):
            expect_alive(alive)
        expect_equal(backend.select(type="close"), [], "close records")
        expect_equal(gate.metric("gatehouse_backend_reconnects_total", backend="telemetry"), 0, "reconnects")


run(main)
