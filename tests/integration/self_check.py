"""The test device agrees with the recorded reference frames of every generation.

Judges `support/usmp_wire.py` and `support/usmp_device.py` against the vector files, without a daemon: checksums,
key schedules, HMACs, every TCP frame byte for byte in both directions, the rekey and the ChaCha20-Poly1305 frames,
the labels of the 0.2 line, and that the device refuses what the real ones refuse. If this fails, no other result of
this folder means anything.
"""

import json
import pathlib
import socket

from support import usmp_wire as wire
from support.expect import expect_equal, expect_raises, run
from support.usmp_device import Closed, Device, TimedOut

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"
FILES = {
    "A": "usmp-A-0.2.x.json",
    "B": "usmp-B-0.3.0.json",
    "C": "usmp-C-0.4.7.json",
    "D1": "usmp-D1-0.5.x.json",
    "D2": "usmp-D2-1.0.x.json",
    "D3": "usmp-D3-1.2.x.json",
}
RECORDED_DEVICE = "00:1a:2b:3c:4d:5e"


def load(name):
    return json.loads((VECTORS / FILES[name]).read_text())


def given(vector, name):
    return bytes.fromhex(vector["inputs"][name])


def keys_of(name, vector, label=None):
    shared = wire.exchange(wire.private_from(given(vector, "client_private")), given(vector, "server_public"))
    expect_equal(shared.hex(), vector["key_schedule"]["x25519_shared"], f"{name}: shared secret")
    return wire.session_keys(
        wire.GENERATIONS[name],
        shared,
        given(vector, "nonce"),
        given(vector, "client_public"),
        given(vector, "server_public"),
        label,
    )


def recorded_nonces(vector, direction):
    """B's nonces are random: replay the recorded ones."""
    nonces = iter([bytes.fromhex(f["gcm_nonce"]) for f in vector["tcp"] if f["dir"] == direction and "gcm_nonce" in f])
    return lambda size: next(nonces)


def check_primitives(name, vector):
    for case in vector["crc16"]:
        expect_equal(f"{wire.crc16(bytes.fromhex(case['input'])):04x}", case["crc"], f"{name}: checksum")
    generation = wire.GENERATIONS[name]
    schedule, macs = vector["key_schedule"], vector["hmac"]
    to_server, to_client = keys_of(name, vector)
    expect_equal(to_server.hex(), schedule.get("k_c2s", schedule.get("session_key")), f"{name}: key to the server")
    expect_equal(to_client.hex(), schedule.get("k_s2c", schedule.get("session_key")), f"{name}: key to the device")
    publics = given(vector, "client_public"), given(vector, "server_public")
    nonce, psk = given(vector, "nonce"), given(vector, "psk")
    client = wire.client_transcript(generation, nonce, given(vector, "device_id"), *publics)
    server = wire.server_transcript(generation, nonce, given(vector, "session_id"), *publics)
    expect_equal(client.hex(), macs["client_transcript"], f"{name}: client transcript")
    expect_equal(server.hex(), macs["server_transcript"], f"{name}: server transcript")
    expect_equal(wire.mac(psk, client).hex(), macs["client_hmac"], f"{name}: client HMAC")
    expect_equal(wire.mac(psk, server).hex(), macs["server_hmac"], f"{name}: server HMAC")
    for label, expected in vector.get("alternate_labels_seen_in_the_0_2_line", {}).items():
        got = keys_of(name, vector, label.encode())[0].hex()
        expect_equal(got, expected["session_key"], f"A with label {label}")


def recorded_device(name, vector, far_end=None, **options):
    return Device(
        0,
        RECORDED_DEVICE,
        given(vector, "psk"),
        name,
        private=wire.private_from(given(vector, "client_private")),
        random_bytes=recorded_nonces(vector, "c2s"),
        sock=far_end,
        timeout=5.0,
        **options,
    )


class Replay:
    """Plays a recorded conversation: the gateway's frames are fed in, the device's bytes are compared."""

    def __init__(self, name, vector):
        self.name = name
        self.gateway, far_end = socket.socketpair()
        self.gateway.settimeout(5)
        self.device = recorded_device(name, vector, far_end)
        self.frames = vector["tcp"]
        self.message = []  # fragments until their DATA
        self.expected = b""

    def expect_bytes(self, entry):
        expected, self.expected = self.expected, b""
        got = b""
        while len(got) < len(expected):
            got += self.gateway.recv(len(expected) - len(got))
        expect_equal(got.hex(), expected.hex(), f"{self.name}: {entry['type_name']} at sequence {entry['seq']}")

    def from_device(self, entry):
        self.expected += bytes.fromhex(entry["frame"])
        kind = entry["type_name"]
        if kind in ("DATA", "DATA_FRAG"):
            self.message.append(bytes.fromhex(entry["plaintext"]))
        if kind == "DATA_FRAG":
            return
        if kind == "DATA":
            self.device.send(b"".join(self.message))
            self.message = []
        elif kind == "REKEY":
            self.device.rekey(bytes.fromhex(entry["plaintext"]))
        else:
            step = {"HELLO": "send_hello", "HELLO_ACK": "send_hello_ack", "PING": "send_ping", "BYE": "bye"}[kind]
            getattr(self.device, step)()
        self.expect_bytes(entry)

    def from_gateway(self, entry):
        self.gateway.sendall(bytes.fromhex(entry["frame"]))
        kind = entry["type_name"]
        if kind == "CHALLENGE":
            self.device.read_challenge()
        elif kind == "SESSION_OK":
            self.device.read_session_ok()
        elif kind == "PONG":
            before = self.device.pongs
            self.device._take_frame(5.0)
            expect_equal(self.device.pongs, before + 1, f"{self.name}: PONG")
        else:
            self.message.append(bytes.fromhex(entry["plaintext"]))
            if kind == "DATA":
                expect_equal(self.device.recv(), b"".join(self.message), f"{self.name}: message to the device")
                self.message = []

    def play(self):
        for entry in self.frames:
            (self.from_device if entry["dir"] == "c2s" else self.from_gateway)(entry)
        self.gateway.close()


def check_gateway_end(name, vector):
    """The same class at the gateway's end makes the gateway's frames and opens the device's."""
    to_server, to_client = keys_of(name, vector)
    generation = wire.GENERATIONS[name]
    channel = wire.Channel(
        generation, given(vector, "session_id"), to_client, to_server, random_bytes=recorded_nonces(vector, "s2c")
    )
    for entry in vector["tcp"]:
        if entry["type"] < wire.DATA:
            continue
        raw, plaintext = bytes.fromhex(entry["frame"]), bytes.fromhex(entry["plaintext"])
        what = f"{name}: {entry['dir']} {entry['type_name']} at sequence {entry['seq']}"
        if entry["dir"] == "s2c":
            expect_equal(channel.seal(entry["type"], plaintext).hex(), raw.hex(), what)
            continue
        frame = wire.parse_frame(raw, generation.version)
        expect_equal(channel.open(frame), plaintext, what)
        if frame.kind == wire.REKEY:
            channel.accept_rekey(plaintext)


def check_rekey(vector):
    recorded = vector["rekey"]
    before = bytes.fromhex(recorded["client_tx_before"]), bytes.fromhex(recorded["client_rx_before"])
    client = wire.Channel(wire.GENERATIONS["D3"], given(vector, "session_id"), *before)
    client.start_rekey(bytes.fromhex(recorded["salt"]))
    expect_equal(client.tx_key.hex(), recorded["client_tx_after"], "D3: rekey, device's key")
    expect_equal(client.rx_key.hex(), recorded["client_rx_after"], "D3: rekey, gateway's key")

    # Started by the gateway: the two ends must still agree.
    device = wire.Channel(wire.GENERATIONS["D3"], given(vector, "session_id"), *before)
    gateway = wire.Channel(wire.GENERATIONS["D3"], given(vector, "session_id"), *reversed(before))
    device.accept_rekey(device.open(wire.parse_frame(gateway.start_rekey(), 2)))
    expect_equal(device.open(wire.parse_frame(gateway.seal(wire.DATA, b"new keys"), 2)), b"new keys", "D3: rekey")
    expect_equal(gateway.open(wire.parse_frame(device.seal(wire.DATA, b"both ways"), 2)), b"both ways", "D3: rekey")


def check_chacha(vector):
    for entry in vector["chacha20poly1305_frames"]:
        key = bytes.fromhex(entry["key"])
        channel = wire.Channel(wire.GENERATIONS["D3"], given(vector, "session_id"), key, key, "chacha20-poly1305")
        plaintext = bytes.fromhex(entry["plaintext"])
        frame = channel.seal(entry["type"], plaintext, seq=entry["seq"])
        expect_equal(frame.hex(), entry["frame"], f"ChaCha20-Poly1305 at sequence {entry['seq']}")
        channel.rx_seq = entry["seq"]
        expect_equal(channel.open(wire.parse_frame(frame, 2)), plaintext, "ChaCha20-Poly1305: opened")


def frame_of(vector, kind, direction="s2c"):
    return next(bytes.fromhex(f["frame"]) for f in vector["tcp"] if f["type_name"] == kind and f["dir"] == direction)


def feed(name, vector, *frames, close=False):
    """A device that has sent HELLO and HELLO_ACK and finds these bytes waiting."""
    gateway, far_end = socket.socketpair()
    device = recorded_device(name, vector, far_end)
    device.timeout = 0.2
    for frame in frames:
        gateway.sendall(frame)
    if close:
        gateway.close()
    try:
        device.handshake()
        device.recv()
    finally:
        gateway.close()
        device.close()


def flipped(frame, at, fix_crc=False):
    changed = bytearray(frame)
    changed[at] ^= 1
    if fix_crc:
        return wire.build_frame(changed[2], changed[3], int.from_bytes(changed[4:8], "little"), bytes(changed[12:]))
    return bytes(changed)


def check_strictness(name, vector):
    challenge, session_ok, data = (frame_of(vector, kind) for kind in ("CHALLENGE", "SESSION_OK", "DATA"))
    version = wire.GENERATIONS[name].version
    expect_raises(wire.Violation, feed, name, vector, flipped(challenge, 10))
    expect_raises(wire.Violation, feed, name, vector, flipped(challenge, 2, fix_crc=True))
    expect_raises(wire.Violation, feed, name, vector, challenge, flipped(session_ok, -1, fix_crc=True))
    short = wire.build_frame(version, wire.SESSION_OK, 0, session_ok[12:-1])
    expect_raises(wire.Violation, feed, name, vector, challenge, short)
    expect_raises(wire.Violation, feed, name, vector, challenge, session_ok, flipped(data, -1, fix_crc=True))
    expect_raises(wire.Violation, feed, name, vector, challenge, session_ok, flipped(data, 4, fix_crc=True))
    expect_raises(wire.Violation, feed, name, vector, challenge, session_ok, flipped(data, -1))
    expect_raises(Closed, feed, name, vector, challenge, close=True)
    expect_raises(TimedOut, feed, name, vector, challenge, session_ok)


def check_lengths_tell_a_from_b():
    """SESSION_OK of the one must be refused by the other, for its length alone."""
    a, b = load("A"), load("B")
    expect_raises(wire.Violation, feed, "A", a, frame_of(a, "CHALLENGE"), frame_of(b, "SESSION_OK"))
    expect_raises(wire.Violation, feed, "B", b, frame_of(b, "CHALLENGE"), frame_of(a, "SESSION_OK"))


def main():
    for name in FILES:
        vector = load(name)
        check_primitives(name, vector)
        Replay(name, vector).play()
        check_gateway_end(name, vector)
        check_strictness(name, vector)
    check_rekey(load("D3"))
    check_chacha(load("D3"))
    check_lengths_tell_a_from_b()


run(main)
