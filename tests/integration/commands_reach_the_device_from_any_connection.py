"""A command reaches its device whichever backend connection it is sent on, addressed by session or by device.

With four workers, and so four backend connections, eight devices are connected. For each device and each connection one
command by session and one by device id is sent; every device gets exactly its own.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import fleet

WORKERS = 4


def main():
    with Backend() as backend, Gatehouse(backend, fleet(8), workers=WORKERS) as gate:
        devices = {name: gate.connect(name) for name in gate.devices}
        sessions = {name: backend.opened(name)["session"] for name in devices}
        connections = backend.wait_connections(WORKERS)
        expect_equal(len({c.worker for c in connections}), WORKERS, "workers that said hello")
        wanted = {name: set() for name in devices}
        for connection in connections:
            for name, session in sessions.items():
                by_session = b"by session, on %d, to %s" % (connection.number, name.encode())
                by_device = b"by device, on %d, to %s" % (connection.number, name.encode())
                backend.send({"type": "data", "session": session, "payload": by_session}, connection)
                backend.send({"type": "data", "device": name, "payload": by_device}, connection)
                wanted[name] |= {by_session, by_device}
        for name, device in devices.items():
            got = [device.recv() for _ in wanted[name]]
            expect_equal(sorted(got), sorted(wanted[name]), f"commands that reached {name}")
        expect_equal(backend.select(type="error"), [], "errors")


run(main)
