"""A credential file that is moved into place is in force at once, and sessions it does not concern notice nothing.

Without any signal: a device that was added gets in, over TCP and UDP. Devices that stand in the file as before go on
talking all the while; each of their messages arrives once and in order, echoes come back, nothing is closed.
"""

import time

from support.backend import Backend
from support.changes import FAILING, GENERATION, TCP_AND_UDP, change_credentials, connect_udp
from support.chatter import Chatter
from support.daemon import Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet

SOON = 1.0


def main():
    devices = fleet(6)
    tcp, udp, old_tcp, old_udp, new_tcp, new_udp = devices
    known = {name: devices[name] for name in (tcp, udp, old_tcp, old_udp)}
    with Backend() as backend, Gatehouse(backend, known, listeners=TCP_AND_UDP) as gate:
        expect(gate.device(new_tcp, psk=devices[new_tcp]).is_refused(), "the new device is unknown before")
        before = gate.metric(GENERATION)
        with Chatter(gate.connect(tcp)) as streaming, Chatter(connect_udp(gate, udp)) as datagrams:
            quiet = [gate.connect(old_tcp), connect_udp(gate, old_udp)]
            backend.wait_data(tcp, 5)
            begun = time.monotonic()
            change_credentials(gate, devices)
            took = time.monotonic() - begun
            expect(took < SOON, f"loaded after {took:.2f} s")
            gate.connect(new_tcp).ping()
            connect_udp(gate, new_udp).ping()
            count = len(backend.data(tcp))
            backend.wait_data(tcp, count + 5)
        streaming.check(backend)
        datagrams.check(backend)
        for device in quiet:
            device.ping()
        expect_equal(backend.select(type="close"), [], "close records")
        expect_equal(gate.metric(GENERATION), before + 1, "the generation of the configuration")
        expect_equal(gate.metric(FAILING), 0, "failing reloads")
        reloaded = gate.wait_log_record("reloaded")
        expect_equal(reloaded["generation"], before + 1, "the generation in the log")
        gate.wait_metric("gatehouse_sessions", 3, listener="fleet")
        eventually(lambda: gate.metric("gatehouse_credentials", state="active") == 6, "six active keys")


run(main)
