"""The device "*" stands for every id that is not listed, with its own key, and is warned about.

An unlisted device gets in with the wildcard's key; a listed one only with its own, never with the wildcard's; an
unlisted one with another key is refused. The log has the event `wildcard device` as a warning.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, device_name, fleet, key_for
from support.hostile import expect_alive

UNLISTED = device_name(4711)


def main():
    anyone = key_for("anyone")
    with Backend(echo=True) as backend, Gatehouse(backend, {**fleet(1), "*": anyone}) as gate:
        expect_equal(gate.wait_log_record("wildcard device")["level"], "warn", "level of the warning")
        expect_alive(gate.connect(UNLISTED, psk=anyone))
        expect_equal(backend.opened(UNLISTED)["device"], UNLISTED, "device of the open record")
        expect_alive(gate.connect(ONE))
        expect(gate.device(ONE, psk=anyone).is_refused(), "a listed device with the wildcard's key is refused")
        expect(gate.device(UNLISTED, psk=key_for("other")).is_refused(), "another key is refused")
        gate.wait_handshakes("auth_failed", 2)


run(main)
