"""Every attack that was run against the published server and client: refused here, or as docs/protocols/upss.md says
impossible to refuse. Whatever gets through is marked as proven by nobody.
"""

import base64
import os
import socket
import struct
import time

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from support.backend import Backend, payload_of
from support.expect import expect, expect_equal, expect_raises, run
from support.upss_device import OAEP, package, seal, seal_key, unseal
from support.upss_gate import DEVICE, ERROR, UpssGate, repeat

TEXT = "close valve"
ROUTES = ["/", "/valves"]
HELLO = package("/", "SEND", {"msg": "hello"})
NO_LONGER_LISTENS = (ConnectionError, OSError)


def texts(backend):
    return [payload_of(one).decode() for one in backend.select(type="data")]


def expect_no_text(backend, text):
    """When the gateway has written all that it had."""
    expect(text.encode() not in backend.settled_data(DEVICE), f"the backend got {text!r}")


def check_other_servers_key(gate, backend):
    """The device takes any key, so whoever is on the path reads and rewrites. Not to be refused."""
    attacker = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = attacker.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    victim = Fernet.generate_key()
    stolen = attacker.decrypt(seal_key(pem, victim), OAEP)
    expect_equal(unseal(stolen, seal(victim, TEXT)), TEXT, "what the attacker reads")
    expect_equal(gate.connected(key=stolen).talk("OPEN valve"), "OPEN valve", "what the gateway takes from the attacker")
    for record in backend.select(type="open"):
        expect_equal(record["authenticated"], False, "what the backend is told of who sent it")


def check_weak_keys(gate):
    """Anybody may call any route with a key of their own; not with one that is no key."""
    for byte in (b"\0", b"\xff"):
        device = gate.upss_device(key=base64.urlsafe_b64encode(byte * 32)).begin()
        expect_raises(ConnectionError, device.offer_key)
    gate.wait_refused("auth_failed", "wrong key")


def check_repeated_session(gate, backend):
    """Packages 3 to 8 of a recorded session run no handler again, whoever sends them, at once or later."""
    device = gate.connected()
    expect_equal(device.talk("only once"), "only once", "the session that is recorded")
    for _ in range(3):
        told = repeat(gate, device.said, {0, 1})
        expect_equal(told[0]["data"]["public_key"], device.public_pem, "the gateway's key is still the same")
        expect(isinstance(told[-1], ConnectionError), f"the end of a repeat: {told[-1]}")
    told = repeat(gate, [device.said[0], b"".join(device.said[1:])], {0, 1})
    expect(isinstance(told[-1], ConnectionError), "all at once")
    spaced = device.said[1].replace(b'{"key": "', b'{ "key" :\n"')
    told = repeat(gate, [device.said[0], spaced], {0, 1})
    expect(isinstance(told[-1], ConnectionError), "in another spelling")
    expect_equal(backend.settled_data(DEVICE).count(b"only once"), 1, "how often the backend got it")
    gate.wait_refused("auth_failed", "accepted before")


def check_other_routes(gate, backend):
    """One package with another path is noticed. All of them with another path are not: none is authenticated."""
    device = gate.upss_device().begin()
    device.offer_key()
    device.send("STATUS", {"status": "OK"})
    device.send("STATUS", {"action": "call_handler"}, "/valves")
    expect_raises(ConnectionError, device.wire.take)
    gate.wait_refused("auth_failed", "out of sequence")
    device = gate.connected("/valves")
    device.talk("meant for another route")
    expect_equal(backend.select(type="open")[-1]["route"], "/valves", "the route that the packages say")
    device = gate.connected("/unlisted")
    expect_equal(device.talk("x"), ERROR, "a route that is not listed")
    gate.wait_refused("auth_failed", "route is not listed")


def check_reflection(gate, backend):
    """What the gateway sealed is no message of the device, in the same session or in any other with its key."""
    device = gate.connected()
    device.say("how are you?")
    answer = device.wire.take()
    device.send("SEND", answer["data"])
    expect_equal(device.hear(), ERROR, "the gateway's own answer")
    gate.wait_log_record("frame rejected", detail="gateway's own record came back")
    other = gate.connected(key=device.key)
    other.send("SEND", answer["data"])
    expect_equal(other.hear(), ERROR, "in another session")
    expect_equal(texts(backend).count("how are you?"), 1, "how often the backend got it")


def check_earlier_sessions(gate):
    """A device that uses its key again says again what was recorded under it, if somebody puts that into its session.
    Not to be refused by default; clock_tolerance narrows it."""
    device = gate.connected()
    recorded = device.message("of an earlier session")
    device.talk("anything else")
    other = gate.connected(key=device.key)
    other.send("SEND", recorded)
    expect_equal(other.hear(), "of an earlier session", "a message from another session with the same key")


def check_clear_bodies(gate, backend):
    for data in ({"msg": TEXT + " in clear"}, {}, {"other": "x"}, TEXT, [TEXT], None, 5, {"msg": None}, {"msg": {"msg": TEXT}}):
        device = gate.connected()
        device.send("SEND", data)
        expect_equal(device.hear(), ERROR, f"a body that is not sealed: {data!r}")
        expect(device.is_closed(), "the connection ends")
    expect_no_text(backend, TEXT + " in clear")


def check_changes(gate, backend):
    """A sealed text cannot be changed, and has one spelling."""
    device = gate.connected()
    field = device.message("as it is")["msg"]
    token = base64.b64decode(field)
    raw = base64.urlsafe_b64decode(token)
    standard = base64.b64encode(raw)
    spellings = [field[:-8], field[:20] + "*" + field[20:], field[:60] + "\n" + field[60:], field + "=", field + "AAAA"]
    spellings += [base64.b64encode(other).decode() for other in (token + b"=", token[:9] + b" " + token[9:], token[:-1])]
    if standard != base64.urlsafe_b64encode(raw):
        spellings.append(base64.b64encode(standard).decode())
    for at in (0, 8, 9, 24, 25, -33, -1):
        changed = bytearray(raw)
        changed[at] ^= 1
        spellings.append(base64.b64encode(base64.urlsafe_b64encode(bytes(changed))).decode())
    for one in spellings:
        other = gate.connected(key=device.key)
        other.send("SEND", {"msg": one})
        expect_equal(other.hear(), ERROR, f"another spelling: {one}")
    expect_no_text(backend, "as it is")
    other = gate.connected()
    other.send("SEND", {"msg": field})
    expect_equal(other.hear(), ERROR, "under another key")
    gate.wait_refused("auth_failed", "frame does not authenticate")


def check_bad_keys(gate):
    """Whoever sends a block that does not open learns nothing of it: what follows looks like any confirmation."""
    device = gate.connected()
    sizes = set()
    for block in (os.urandom(256), bytes(256), b"\xff" * 256, seal_key(device.public_pem, b"x" * 44)):
        other = gate.upss_device().begin()
        other.send("SEND", {"key": base64.b64encode(block).decode()})
        told = other.wire.take()
        sizes.add(len(told["data"]["msg"]))
        expect_raises(Exception, unseal, device.key, told["data"]["msg"])
    expect_equal(len(sizes), 1, "sizes of confirmations")
    for block in (b"", b"x", os.urandom(255), os.urandom(257)):
        other = gate.upss_device().begin()
        other.send("SEND", {"key": base64.b64encode(block).decode()})
        expect_raises(ConnectionError, other.wire.take)
    gate.wait_refused("malformed", "unusable public key")
    gate.expect_alive()


def check_stray_bytes(gate):
    """Each of these ends the published server's process."""
    strays = [b"\0", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\0\xa5\x01", b"[]", b"5", b'"SEND"', b"{}", b"{" * 100, b'{"a": ',
              b"\xef\xbb\xbf" + HELLO, HELLO.replace(b"SEND", b"STATUS"), HELLO.replace(b'"/"', b"5"), b"{" + b" " * 5000]
    for stray in strays:
        wire = gate.wire()
        wire.send(stray)
        wire.socket.shutdown(socket.SHUT_WR)
        expect(wire.is_closed(), f"without an answer: {stray[:40]}")
    wire = gate.wire()
    wire.send(HELLO)
    wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.close()  # with a reset
    for said in ("ERROR", "WRONG_FORMAT", "ok", ""):
        device = gate.upss_device().begin()
        device.offer_key()
        device.send("STATUS", {"status": said})
        expect_raises(NO_LONGER_LISTENS, device.wire.take)
    gate.expect_alive()


def check_silence(gate):
    """Connections that say nothing keep nobody waiting."""
    silent = [gate.wire() for _ in range(20)]
    began = time.monotonic()
    gate.expect_alive()
    expect(time.monotonic() - began < 4, "the next device waits for nobody")
    for wire in silent:
        wire.close()


def check_repeats_and_clocks():
    """By setting: a field is taken once in a session, in any spelling, and only while it is fresh."""
    options = {"refuse_repeats": True, "base64": "lenient", "clock_tolerance": "300s"}
    with Backend(echo=True) as backend, UpssGate(backend, options=options) as gate:
        device = gate.connected()
        field = device.message("twice")["msg"]
        device.send("SEND", {"msg": field[:20] + "*" + field[20:]})
        expect_equal(device.hear(), "twice", "a spelling that the published server takes")
        device.send("SEND", {"msg": field})
        expect_equal(device.hear(), ERROR, "the same in another")
        gate.wait_rejected("replay", lambda count: count > 0)
        expect_equal(texts(backend).count("twice"), 1, "how often the backend got it")
        for off in (-3600, 3600, -305, 305):
            expect_equal(gate.connected().talk("x", now=int(time.time()) + off), ERROR, f"a clock that is {off} s off")
        gate.wait_refused("auth_failed", "older or newer than it may be")
        expect_equal(gate.connected().talk("y", now=int(time.time()) - 290), "y", "a clock that is a little off")


def main():
    with Backend(echo=True) as backend, UpssGate(backend, options={"routes": ROUTES}) as gate:
        check_other_servers_key(gate, backend)
        check_weak_keys(gate)
        check_repeated_session(gate, backend)
        check_other_routes(gate, backend)
        check_reflection(gate, backend)
        check_earlier_sessions(gate)
        check_clear_bodies(gate, backend)
        check_changes(gate, backend)
        check_bad_keys(gate)
        check_stray_bytes(gate)
        check_silence(gate)
        # By default a device may say the same again, as applications do that seal once.
        device = gate.connected()
        again = device.message("again")
        for _ in range(2):
            device.send("SEND", again)
            expect_equal(device.hear(), "again", "a repeat in its session")
    check_repeats_and_clocks()


run(main)
