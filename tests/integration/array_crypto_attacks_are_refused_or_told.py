"""Every attack that was run against the published server and client: refused here, or as docs/protocols/array-crypto.md
says impossible to refuse. Whatever gets through is marked as proven by nobody.
"""

import struct
import time

from support.array_crypto_client import invert, multiply, seal, unseal, v1_hash, v1_key, v2_hash
from support.array_crypto_gate import V1, V2, ArrayCryptoGate, prefix_of
from support.backend import Backend
from support.expect import expect, expect_equal, run

TEXT = b"transfer 10 to alice"


def check_repeats(gate, backend):
    """A recorded message is taken once: on the same connection, on others, and after the device went on."""
    for name in (V1, V2):
        client = gate.client(name)
        recorded = client.encrypt(TEXT)
        expect_equal(client.post(recorded).status, 200, "a message")
        for repeat in range(3):
            attacker = gate.client(name)
            expect_equal(attacker.post(recorded).status, 400, f"repeat {repeat} of a message of {name}")
        expect_equal(client.post(recorded).status, 400, "a repeat on its own connection")
        expect_equal(client.talk(b"next"), b"next", "the device goes on")
        expect_equal(gate.client(name).post(recorded).status, 400, "a repeat behind the next message")
        expect_equal(backend.settled_data(name).count(TEXT), 1, f"how often the backend got the message of {name}")
    gate.wait_refused("auth_failed", "frame was seen before")
    expect_equal(gate.metric("gatehouse_rejected_frames_total", listener="fleet", reason="replay"), 2, "in a session")


def check_old_messages(gate):
    """Of v1 what is older than a minute, of v2 what was made under no pair of these days."""
    client = gate.client(V1)
    seed, tick = client.snapshot()
    for age in (62, 3600, -62, -3600):
        old = seal("v1", seed, tick, TEXT, now=time.time() - age)
        expect_equal(gate.client(V1).post(old).status, 400, f"a message of v1, {age} s old")
    gate.wait_refused("auth_failed", "older or newer than it may be")
    seed, tick = gate.client(V2).snapshot()
    for pair in ((seed, tick ^ 1), (5, 6)):
        expect_equal(gate.client(V2).post(seal("v2", *pair, TEXT)).status, 400, "another tick")
    gate.wait_refused("auth_failed", "frame does not authenticate")


def check_keys_are_public(gate, backend):
    """Who can ask for a snapshot can read and forge; the secret has no part in it. Not to be refused."""
    stranger = gate.client(V2, secret=b"")
    pair = gate.client(V2).snapshot()
    told = stranger.exchange(stranger.request("GET", "/snapshot")).json()
    expect_equal((told["seed"], told["tick"]), pair, "what a stranger is told")
    expect_equal(stranger.post(seal("v2", *pair, b"forged")).status, 200, "a forged message")
    expect(b"forged" in backend.wait_data(V2), "the backend got it")
    for record in backend.select(type="open"):
        expect_equal(record["authenticated"], False, "what the backend is told of who sent it")


def check_changes(gate, backend):
    """Nobody's key is in the hash: who changes a message can make its hash anew. Not to be refused, but once only; and
    of v2 not without the tick."""
    client = gate.client(V1)
    wire = bytearray(client.encrypt(TEXT))
    wire[40] ^= 4
    expect_equal(gate.client(V1).post(bytes(wire)).status, 400, "a change without a new hash")
    wire[:16] = v1_hash(bytes(wire[16:]))
    expect_equal(client.post(bytes(wire)).status, 200, "a change with a new hash, v1")
    expect(backend.wait_data(V1)[-1] != TEXT, "the text is another")

    client = gate.client(V2)
    seed, tick = client.snapshot()
    wire = bytearray(seal("v2", seed, tick, TEXT))
    wire[80] ^= 4
    blind = bytes(v2_hash(bytes(wire[32:]) + bytes(8))) + bytes(wire[32:])
    expect_equal(gate.client(V2).post(blind).status, 400, "a new hash without the tick")
    wire[:32] = v2_hash(bytes(wire[32:]) + struct.pack("<Q", tick))
    expect_equal(client.post(bytes(wire)).status, 200, "a change with a new hash, v2")


def check_reading_without_a_snapshot(gate):
    """v1 has 256 keys, so a recorded message is read without asking anybody; v2 keeps both numbers secret to 64 bits."""
    wire = gate.client(V1).encrypt(TEXT)
    found = {multiply(wire[32:], invert(v1_key(seed, wire[16:32]))) for seed in range(256)}
    expect(TEXT in found, "one of 256 keys reads it")
    client = gate.client(V2)
    pairs = set()
    for _ in range(8):
        pair = client.snapshot()
        pairs.add(pair)
        client.post(seal("v2", *pair, TEXT))
    expect(len(pairs) >= 8, "a message uses up its pair")
    for place in (0, 1):
        expect(max(pair[place] for pair in pairs) > 2**56, "numbers of 64 bits")
        expect_equal(len({pair[place] for pair in pairs}), len(pairs), "no two numbers are equal")


def check_structure_stays(gate):
    """Multiplication keeps zeros and the lowest bit of each byte, whatever the key. Not to be mended."""
    text = bytes([0, 1, 2, 3, 0, 255])
    for name, size in ((V1, 16), (V2, 32)):
        body = gate.client(name).encrypt(text)[2 * size :]
        expect_equal([byte == 0 for byte in body], [byte == 0 for byte in text], "zeros")
        expect_equal([byte & 1 for byte in body], [byte & 1 for byte in text], "lowest bits")


def check_handshakes(gate):
    """They prove nothing and are of no use: nothing is kept of any number of them, and nothing is begun."""
    before = len(gate.log_records("session opened"))
    with_wrong_secret = gate.client(V2, secret=b"wrong")
    for _ in range(200):
        with_wrong_secret.authenticate()
    expect_equal(len(gate.log_records("session opened")), before, "sessions")
    answer = with_wrong_secret.exchange(with_wrong_secret.request("GET", "/health")).json()
    expect_equal((answer["tick"], answer["authenticated_clients"]), (0, 0), "what health tells")
    spaced = b'{"hash": "' + b"ab" * 16 + b" " * 32 + b'"}'
    expect_equal(
        with_wrong_secret.exchange(with_wrong_secret.request("POST", "/handshake", spaced, "application/json")).status,
        400,
        "spaces between the digits",
    )


def check_other_hash_sizes(gate, backend):
    """hash_size 16 with v2 makes the published decryptor return garbage without an error."""
    client = gate.client(V2)
    seed, tick = client.snapshot()
    salt = bytes(range(32))
    body = salt + b"q" * 40
    wire = v2_hash(body + struct.pack("<Q", tick), 16) + body
    expect_equal(client.post(wire).status, 400, "another hash_size")


def check_frozen_snapshots(gate):
    """A recorded snapshot convinces a client for its own max_drift; what it then encrypts is refused here."""
    client = gate.client(V2)
    frozen = client.snapshot()
    client.post(seal("v2", *frozen, b"one"))
    for _ in range(9):
        client.talk(b"the device goes on")
    late = gate.client(V2)
    expect_equal(late.post(seal("v2", *frozen, b"two")).status, 400, "under a pair that was used up long ago")
    expect_equal(unseal("v2", *frozen, seal("v2", *frozen, b"two")), b"two", "which its maker could read")


def check_browsers(gate):
    for path in ("/docs", "/openapi.json", "/redoc", "/snapshot/"):
        one = gate.connection()
        answer = one.ask(f"GET {prefix_of(V2)}{path} HTTP/1.1\r\nHost: gw\r\nOrigin: http://evil\r\n\r\n".encode())
        expect_equal(answer.status, 404, path)
        expect(not [name for name in answer.fields if name.startswith("access-control")], "no word to other origins")
    preflight = f"OPTIONS {prefix_of(V2)}/message HTTP/1.1\r\nHost: gw\r\nOrigin: http://evil\r\n\r\n".encode()
    expect_equal(gate.connection().ask(preflight).status, 405, "a preflight")


def main():
    with Backend(echo=True) as backend, ArrayCryptoGate(backend, listener={"limits": {"sessions_per_device": 0}}) as gate:
        check_repeats(gate, backend)
        check_old_messages(gate)
        check_keys_are_public(gate, backend)
        check_changes(gate, backend)
        check_reading_without_a_snapshot(gate)
        check_structure_stays(gate)
        check_handshakes(gate)
        check_other_hash_sizes(gate, backend)
        check_frozen_snapshots(gate)
        check_browsers(gate)


run(main)
