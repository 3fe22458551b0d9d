"""An SPP device that is answered with another gateway key than it expects hangs up; the log names it, the key and what would help.

So is one that keeps silent instead, and one that waited for the gateway's hello. A USMP device that hangs up in its handshake is
named too, and each counts once as before.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import eventually, expect, expect_equal, expect_raises, run
from support.fleet import ONE, fleet
from support.spp_gate import SppGate
from support.usmp_wire import Violation

NAMES = ("meter-1", "meter-2")


def check_line(line, **wanted):
    expect_equal({key: line.get(key) for key in wanted}, wanted, f"the line {line}")


def check_spp(backend):
    with SppGate(backend, NAMES, gateway_keys=("g2", "g1"), spp={"greet_after": "200ms"},
                 listener={"handshake_timeout": "1s"}) as gate:
        device = gate.device("meter-1", gateway_key="g1").open()
        peer = device.local
        device.send_hello()
        expect_raises(Violation, device.read_hello)
        device.close()
        line = gate.wait_log_record("handshake refused", reason="aborted")
        check_line(line, listener="fleet", peer=peer, device="meter-1", level="warn")
        expect("gateway key g2" in line["detail"] and "gateway_key" in line["detail"], f"key and hint: {line}")
        gate.wait_handshakes("aborted", 1)

        waits = gate.device("meter-2", gateway_key="g1").open()
        expect_raises(Violation, waits.read_hello)
        waits.close()
        gate.wait_handshakes("aborted", 2)
        aborted = eventually(lambda: gate.log_records("handshake refused", reason="aborted")[1:], "the line of the other")
        line = aborted[0]
        expect("device" not in line, f"nobody said who he is: {line}")
        expect("gateway key g2" in line["detail"], f"key: {line}")

        silent = gate.device("meter-1", gateway_key="g1").open()
        silent.send_hello()
        silent.expect_closed()
        line = gate.wait_log_record("handshake refused", reason="timeout")
        check_line(line, device="meter-1")
        expect("gateway key g2" in line["detail"], f"key: {line}")
        expect_equal(gate.handshakes("aborted"), 2, "each counts once")


def check_usmp(backend):
    with Gatehouse(backend, fleet(1)) as gate:
        device = gate.device(ONE).open()
        device.send_hello()
        device.read_challenge()
        device.close()
        line = gate.wait_log_record("handshake refused", reason="aborted")
        check_line(line, device=ONE, level="info")
        gate.wait_handshakes("aborted", 1)


def main():
    with Backend(echo=True) as backend:
        check_spp(backend)
        check_usmp(backend)


run(main)
