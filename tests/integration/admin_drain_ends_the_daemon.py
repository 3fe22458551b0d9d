"""`POST /v1/drain` answers at once and ends the daemon as SIGTERM does: BYE for every device, nothing lost, exit 0.

While messages wait for a backend that does not read, the daemon is `draining` and still answers questions; a reload is
refused meanwhile, a second drain changes nothing. Afterwards its sockets are gone.
"""

from support.admin import admin_of
from support.backend import Backend
from support.changes import TCP_AND_UDP, connect_udp
from support.daemon import Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet

MESSAGES = 20


def main():
    tcp, udp = devices = fleet(2)
    with Backend() as backend, Gatehouse(backend, devices, listeners=TCP_AND_UDP) as gate:
        admin = admin_of(gate)
        device, flying = gate.connect(tcp), connect_udp(gate, udp)
        backend.opened(udp)
        backend.stop()
        gate.wait_metric("gatehouse_backend_connected", 0, backend="telemetry")
        wanted = [b"%d" % number for number in range(MESSAGES)]
        for message in wanted:
            device.send(message)
        device.ping()

        expect_equal(admin.post("/v1/drain"), {"done": True}, "the answer")
        eventually(lambda: admin.get("/v1/status")["state"] == "draining", "the status says so")
        expect_equal(gate.get("/readyz")[0], 503, "/readyz")
        admin.refused("POST", "/v1/reload", 422, "refused")
        expect_equal(admin.post("/v1/drain"), {"done": True}, "a second drain")
        for one in (device, flying):
            one.expect_bye()
        expect(gate.is_running(), "it waits for the backend")

        backend.start()
        expect_equal(backend.wait_data(tcp, MESSAGES), wanted, "messages that waited")
        expect_equal(gate.wait_exit(), 0, "exit status")
        closed = backend.wait_for(type="close", device=tcp)
        expect_equal(closed[0]["reason"], "shutdown", "reason")
        expect(not admin.path.exists(), "the socket's file is gone")
        gate.wait_log_record("audit", what="drain")


run(main)
