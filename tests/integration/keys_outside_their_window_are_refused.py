"""A key counts only between its not_before and its not_after.

A device has an expired key, a key of the future and one whose window is open. Only the last one opens a session; the
others are refused and counted as `auth_failed`.
"""

from support.backend import Backend
from support.daemon import Gatehouse, psk_entry
from support.expect import expect, expect_equal, run
from support.fleet import ONE, key_for

PSK = [
    psk_entry(key_for("future"), "future", not_before="2090-01-01T00:00:00Z"),
    psk_entry(key_for("open"), "open", not_before="2020-01-01T00:00:00Z", not_after="2090-01-01T00:00:00Z"),
    psk_entry(key_for("expired"), "expired", not_after="2020-01-01T00:00:00Z"),
]


def main():
    with Backend() as backend, Gatehouse(backend, {ONE: {"psk": PSK}}) as gate:
        for count, key_id in enumerate(("future", "expired"), start=1):
            expect(gate.device(ONE, psk=key_for(key_id)).is_refused(), f"the key {key_id!r} is refused")
            gate.wait_handshakes("auth_failed", count)
        gate.connect(ONE, psk=key_for("open"))
        expect_equal(backend.opened(ONE)["credential"], "open", "credential")
        expect_equal(len(backend.select(type="open")), 1, "sessions opened")


run(main)
