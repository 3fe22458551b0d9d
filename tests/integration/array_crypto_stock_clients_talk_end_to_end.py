"""Published clients of both profiles work as they are: handshake, snapshots, messages and answers, over kept connections.

By the prefix of their server_url, or by the name and password in it. The backend is told that nobody was authenticated,
and of v1 that nothing is protected.
"""

from support.array_crypto_gate import V1, V2, ArrayCryptoGate, array_crypto_credentials
from support.backend import Backend
from support.expect import expect, expect_equal, run

NAMED = "sensor-3"
PASSWORD = "a password of sensor-3"


def check_client(backend, client, name, profile):
    client.authenticate()
    for i in range(5):
        text = f"{name} says {i}".encode()
        expect_equal(client.talk(text), text, f"the echo to {name}")
    expect_equal(client.talk(b""), b"", "an empty message")
    long = bytes(range(256)) * 256
    expect_equal(client.talk(long), long, "the longest message")
    expect_equal(client.connections, 1, f"connections of {name}")
    opened = backend.opened(name)
    expect_equal(opened["protocol"], "array-crypto", "the protocol")
    expect_equal(opened["generation"], profile, "the profile")
    expect_equal(opened["credential"], "secret", "the key")
    expect_equal(opened["authenticated"], False, "is anybody authenticated?")
    expect_equal(opened.get("protection"), "none" if profile == "v1" else None, "the protection")
    client.close()
    expect_equal(backend.closed(opened["session"])["reason"], "eof", "the end")
    expect_equal(len(backend.select(type="open", device=name)), 1, f"sessions of {name}")


def main():
    profiles = {V1: "v1", V2: "v2", NAMED: "v2"}
    text = array_crypto_credentials(profiles, sensor_3={"password": "text:" + PASSWORD, "prefix": None})
    with Backend(echo=True) as backend, ArrayCryptoGate(backend, profiles, credentials_text=text) as gate:
        check_client(backend, gate.client(V1), V1, "v1")
        check_client(backend, gate.client(V2), V2, "v2")
        check_client(backend, gate.client(NAMED, url="", user=NAMED, password=PASSWORD), NAMED, "v2")
        expect_equal(gate.handshakes("ok"), 3, "sessions")
        for result in ("auth_failed", "aborted", "malformed", "unknown_device"):
            expect_equal(gate.handshakes(result), 0, f"handshakes that were {result}")

        wrong = gate.client(NAMED, url="", user=NAMED, password=PASSWORD + "x")
        expect_equal(wrong.exchange(wrong.request("GET", "/snapshot")).status, 401, "a wrong password")
        gate.wait_refused("auth_failed", "a wrong password")
        stranger = gate.client(V1, url="/dev/nobody")
        expect_equal(stranger.exchange(stranger.request("GET", "/snapshot")).status, 404, "nobody's prefix")
        gate.wait_refused("unknown_device", "nobody's prefix")

        quiet = gate.client(V2)
        quiet.snapshot()
        quiet.close()
        expect(gate.client(V1).talk(b"after that") == b"after that", "the next one")
        expect_equal(gate.handshakes("aborted"), 0, "who only asked for a snapshot did nothing wrong")


run(main)
