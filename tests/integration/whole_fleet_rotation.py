"""A whole fleet changes its key without anybody being cut, as an operator does it with what the gateway shows. TCP and UDP.

The new key is put in front of the old one in the file; nobody notices. The devices are given the new one and come again,
one after the other; the list of those that still need the old key shrinks with each. When it is empty the old key is
removed from the file: no session ends. Only then does the old key open nothing.
"""

from support.admin import admin_of
from support.backend import Backend
from support.changes import TCP_AND_UDP, change_credentials, connect_udp
from support.daemon import Gatehouse, psk_entry
from support.expect import eventually, expect, expect_equal, run
from support.fleet import device_name, key_for

NAMES = [device_name(number) for number in range(1, 13)]
FLYING = set(NAMES[8:])


def key(name, which):
    return key_for(f"{which} key of {name}")


def entries(*which):
    return {name: {"psk": [psk_entry(key(name, one), one) for one in which]} for name in NAMES}


def connect(gate, name, which):
    if name in FLYING:
        return connect_udp(gate, name, psk=key(name, which))
    return gate.connect(name, psk=key(name, which))


def stale(admin):
    return {row["device"] for row in admin.get("/v1/keys/old/stale?limit=1000")["devices"]}


def sessions_with(admin, which):
    return next((row["sessions"] for row in admin.get("/v1/keys")["keys"] if row["id"] == which), 0)


def main():
    with Backend() as backend, Gatehouse(backend, entries("old"), listeners=TCP_AND_UDP) as gate:
        admin = admin_of(gate)
        inside = {name: connect(gate, name, "old") for name in NAMES}
        expect_equal(stale(admin), set(), "there is no newer key yet")

        change_credentials(gate, entries("new", "old"))
        for device in inside.values():
            device.ping()
        expect_equal(backend.select(type="close"), [], "nobody is cut by the new key")
        expect_equal(stale(admin), set(NAMES), "everybody needs the old key")

        left = set(NAMES)
        for name in NAMES:
            inside.pop(name).bye()
            inside[name] = connect(gate, name, "new")
            left.remove(name)
            eventually(lambda: stale(admin) == left, f"{name} is off the list")
        eventually(lambda: sessions_with(admin, "old") == 0, "no session of the old key")
        expect_equal(sessions_with(admin, "new"), len(NAMES), "sessions of the new key")
        gate.wait_metric("gatehouse_credential_sessions", 0, credentials="fleet", credential="old")

        backend.wait_for(len(NAMES), type="close", reason="bye")
        change_credentials(gate, entries("new"))
        for device in inside.values():
            device.ping()
        expect_equal(len(backend.select(type="close")), len(NAMES), "nobody is cut when the old key goes")
        expect(gate.device(NAMES[0], psk=key(NAMES[0], "old")).is_refused(), "the old key opens nothing")
        expect_equal({row["id"] for row in admin.get("/v1/keys")["keys"]}, {"new"}, "keys that are left")


run(main)
