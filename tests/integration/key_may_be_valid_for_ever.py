"""`not_after: "9999-12-31T23:59:59Z"`, the usual way to write "never", is accepted and ends no session.
"""

from support.backend import Backend
from support.daemon import Gatehouse, psk_entry
from support.expect import run
from support.fleet import ONE, key_for
from support.hostile import expect_alive

KEY = key_for(ONE)


def main():
    entry = {"psk": [psk_entry(KEY, not_after="9999-12-31T23:59:59Z")]}
    with Backend(echo=True) as backend, Gatehouse(backend, {ONE: entry}) as gate:
        device = gate.connect(ONE)
        expect_alive(device)
        gate.wait_metric("gatehouse_sessions", 1, listener="fleet")


run(main)
