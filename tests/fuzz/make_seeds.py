#!/usr/bin/env python3
"""Writes the seeds of the frame, session, datagram, pssst, spp, array_crypto and upss targets from the recorded vectors: make_seeds.py

The seeds are checked in; run this again when the vectors or the targets' input formats change.
"""

import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
VECTORS = HERE.parent / "vectors"
GENERATIONS = {"A": "A-0.2.x", "B": "B-0.3.0", "C": "C-0.4.7", "D1": "D1-0.5.x", "D2": "D2-1.0.x", "D3": "D3-1.2.x"}
WHOLE_STREAM, AFTER_HANDSHAKE, SEALED = range(3)
WITH_UDP = ("C", "D1", "D2", "D3")
AUTOMATIC, ALWAYS, NEVER = range(3)
FROM_THE_START, LET_IN = range(2)
TYPES = {"data": 5, "ping": 6, "pong": 7, "bye": 8, "frag": 9, "rekey": 11}


def device_frames(generation):
    recorded = json.loads((VECTORS / f"usmp-{GENERATIONS[generation]}.json").read_text())
    return [bytes.fromhex(frame["frame"]) for frame in recorded["tcp"] if frame["dir"] == "c2s"]


def first_byte(way, generation, chacha=False):
    return way + 3 * list(GENERATIONS).index(generation) + (18 if chacha else 0)


def sealed(kind, size=0):
    """One frame of the sealed way: its type, and 32 bytes of text for each unit of size."""
    return bytes([TYPES[kind] | size << 4]) + bytes(range(32 * size))


def send(size):
    return bytes([0xC0, size // 8]) + bytes(size)


def wait(tenths):
    return bytes([0xE0 | tenths])


def frame_seeds():
    for generation in ("A", "D3"):
        for number, frame in enumerate(device_frames(generation)):
            if len(frame) < 100:
                yield f"{generation}-{number:02}", frame
    yield "oversize", bytes.fromhex("cdab020500000000e1010000")
    yield "cut", bytes.fromhex("cdab0201000000002600")


def session_seeds():
    for generation in GENERATIONS:
        frames = device_frames(generation)
        short = frames[:3] + [frame for frame in frames[3:] if len(frame) < 100]
        yield f"stream-{generation}", bytes([first_byte(WHOLE_STREAM, generation), 0]) + b"".join(short)
        yield f"pieces-{generation}", bytes([first_byte(WHOLE_STREAM, generation), 77]) + b"".join(frames[:3])
        yield f"after-{generation}", bytes([first_byte(AFTER_HANDSHAKE, generation), 1]) + frames[2]
        life = sealed("data", 1) + sealed("ping") + send(40) + wait(5) + sealed("pong")
        if generation >= "C":
            life += sealed("frag", 1) + sealed("frag", 2) + sealed("data", 1)
        if generation >= "D2":
            life += sealed("rekey", 1) + sealed("data", 1)
        yield f"sealed-{generation}", bytes([first_byte(SEALED, generation), 0]) + life + sealed("bye")
    talkative = sealed("rekey", 1) + b"".join(sealed("data") + send(8) for _ in range(45))
    yield "budget", bytes([first_byte(SEALED, "D3"), 0]) + talkative
    yield "chacha", bytes([first_byte(SEALED, "D3", chacha=True), 0]) + sealed("data", 2) + send(2000) + sealed("bye")
    yield "flood", bytes([first_byte(SEALED, "D3"), 0]) + sealed("ping") * 9


def script(generation, policy, way, *steps):
    return bytes([WITH_UDP.index(generation), policy, way]) + b"".join(steps)


def raw(datagram):
    """Any bytes as a datagram."""
    return bytes([0x00, len(datagram)]) + datagram


def said(kind, size=0):
    return bytes([0x20 | TYPES[kind], size // 2]) + bytes(range(size))


def numbered(kind, number, size=0):
    return bytes([0x50 | TYPES[kind]]) + number.to_bytes(4, "little") + bytes([size]) + bytes(range(size))


def repeated(which, change=None):
    return bytes([0x60, which]) if change is None else bytes([0x70, which]) + change.to_bytes(2, "little")


def message(size):
    return bytes([0x80, size // 8]) + bytes(size)


def pause(power):
    return bytes([0xB0 | power])


TAKEN_OVER, TAKE, TAKE_AND_ACK = bytes([0xA1]), bytes([0xD1]), bytes([0xD3])
SHAKE_HANDS = bytes([0xE0, 0xE2, 0xE3, 0xD0])
WITH_COOKIE = bytes([0xE0, 0xE1, 0xE2, 0xE3, 0xD0])
GOODBYE, NO_ROOM, ROOM, GIVE_UP = bytes([0xF0]), bytes([0xF1]), bytes([0xF2]), bytes([0xF3])


def device_datagrams(generation):
    recorded = json.loads((VECTORS / f"usmp-{GENERATIONS[generation]}.json").read_text())
    own = [one for one in recorded["udp"] if one["dir"] == "c2s"]
    return [bytes.fromhex(one.get("utack") or one["frame"]) for one in own]


def datagram_seeds():
    for generation in WITH_UDP:
        recorded = b"".join(raw(one) for one in device_datagrams(generation) if len(one) < 120)
        yield f"recorded-{generation}", script(generation, NEVER, FROM_THE_START, recorded)
        life = said("data", 8) + TAKEN_OVER + said("ping") + TAKE + message(40) + TAKE + pause(12)
        life += said("frag", 200) + said("data", 20) + TAKEN_OVER + message(904) + TAKE + TAKE
        yield f"life-{generation}", script(generation, NEVER, LET_IN, life, said("bye"))
        lossy = said("data", 8) + repeated(4) + TAKEN_OVER + repeated(4) + repeated(4, 77) + message(16) + pause(12)
        lossy += message(1000) + pause(13) + pause(14) + said("ping") + pause(15) + GOODBYE + pause(14) + GOODBYE
        yield f"lossy-{generation}", script(generation, NEVER, LET_IN, lossy, pause(15))
        handshake = SHAKE_HANDS + said("data", 4) + TAKEN_OVER
        yield f"handshake-{generation}", script(generation, AUTOMATIC, FROM_THE_START, handshake)
        yield f"slow-{generation}", script(generation, NEVER, FROM_THE_START, bytes([0xE0]), pause(13), bytes([0xE2]), pause(15))
    for generation in ("D2", "D3"):
        yield f"cookie-{generation}", script(generation, ALWAYS, FROM_THE_START, WITH_COOKIE, said("data", 4), GIVE_UP)
        rekey = said("rekey", 32) + said("data", 4) + TAKEN_OVER + repeated(4) + message(8) + TAKE
        yield f"rekey-{generation}", script(generation, NEVER, LET_IN, rekey, (said("data", 2) + TAKEN_OVER) * 20, pause(7), TAKE)
    order = numbered("data", 3, 5) + numbered("data", 1, 6) + numbered("data", 200, 7) + numbered("data", 4, 8)
    yield "order", script("D3", NEVER, LET_IN, order)
    yield "flood", script("D3", NEVER, LET_IN, said("ping") * 9)
    late = said("rekey", 32) + said("data", 4) + TAKEN_OVER + message(8) + numbered("pong", 0xF0000000) + pause(15)
    yield "late-rekey", script("D3", NEVER, LET_IN, late)
    yield "no-room", script("D3", NEVER, LET_IN, NO_ROOM, said("data", 4), ROOM, repeated(4), TAKEN_OVER)
    yield "owed", script("D3", NEVER, LET_IN, said("data", 4) * 6, TAKEN_OVER * 6)


def packet(content):
    """Any bytes as a datagram of a PSSST listener."""
    return bytes([0x00]) + len(content).to_bytes(2, "big") + content


def repeat_packet(which):
    return bytes([0x01 | which << 2])


def backend_reply(which, size):
    return bytes([0x02 | which << 2]) + size.to_bytes(2, "little")


def wait_packets(power):
    return bytes([0x03 | power << 4])


def pssst_seeds():
    recorded = json.loads((VECTORS / "pssst.json").read_text())
    ours = [r for r in recorded["requests"] if r["keyset"] == "A" and len(r.get("packet", "")) in range(1, 600)]
    packets = {r["id"]: bytes.fromhex(r["packet"]) for r in ours}
    for name in ("A-anon-0", "A-anon-64", "A-auth-0", "A-auth-64", "A-auth-unclamped"):
        asked = packet(packets[name])
        life = asked + repeat_packet(0) + backend_reply(0, 40) + backend_reply(0, 0) + repeat_packet(0)
        yield name, life + wait_packets(15) + asked
        yield f"{name}-unanswered", asked + wait_packets(14) + repeat_packet(0) + backend_reply(0, 1)
    many = b"".join(packet(one) + backend_reply(0, 0) for one in packets.values())
    yield "many", many + b"".join(repeat_packet(which) for which in range(len(packets)))
    yield "under-way", b"".join(packet(one) for one in packets.values()) + wait_packets(15) + backend_reply(3, 10)
    for group in ("malformed_requests", "edge_requests"):
        for case in recorded[group]:
            yield case["id"], packet(bytes.fromhex(case["packet"])) + backend_reply(0, 1) + repeat_packet(0)


SPP_FILES = {"0.2": "py-0.2", "0.1": "py-0.1", "rs-d": "rs-d-hkdf-nonet"}
SPP_STREAM, SPP_GATEWAY_FIRST, SPP_AFTER_HANDSHAKE, SPP_SEALED = range(4)


def spp_first_byte(way, generation):
    return way + 4 * list(SPP_FILES).index(generation)


def spp_seeds():
    for generation, name in SPP_FILES.items():
        recorded = json.loads((VECTORS / f"spp-{name}.json").read_text())
        hello = bytes.fromhex(recorded["handshake"]["client_to_server"])
        own = [bytes.fromhex(one["wire"]) for one in recorded["messages"] if one["direction"] == "client_to_server"]
        short = [one for one in own if len(one) < 400]
        for way, title in ((SPP_STREAM, "stream"), (SPP_GATEWAY_FIRST, "greeted")):
            start = bytes([spp_first_byte(way, generation), 0])
            yield f"{title}-{generation}", start + hello + b"".join(short)
            yield f"{title}-pieces-{generation}", bytes([start[0], 77]) + hello + short[0]
        for case in recorded["negative"]:
            before = b"" if case["stage"] == "handshake" else hello
            stream = bytes([spp_first_byte(SPP_STREAM, generation), 0]) + before + bytes.fromhex(case["wire"])
            yield f"{case['name']}-{generation}", stream
        after = bytes([spp_first_byte(SPP_AFTER_HANDSHAKE, generation), 1])
        yield f"after-{generation}", after + short[0]
        start = bytes([spp_first_byte(SPP_SEALED, generation), 0])
        life = bytes([5]) + bytes(5) + bytes([0xB0]) + bytes(2816) + bytes([0]) + bytes([0xE9]) + bytes([0x7F]) + bytes(127)
        yield f"sealed-{generation}", start + life
        yield f"unnumbered-{generation}", start + bytes([0x88]) + bytes([2]) + bytes(7)
        yield f"budget-{generation}", start + bytes([1, 0]) * 25
    yield "idle", bytes([spp_first_byte(SPP_SEALED, "0.2"), 0]) + bytes([0xFF, 0xFF])
    rust = bytes(range(64)) + (32).to_bytes(8, "little") + bytes(32)
    yield "rs-b", bytes([SPP_STREAM, 3]) + rust
    yield "rs-a", bytes([SPP_STREAM, 0]) + (64).to_bytes(8, "little") + rust


def array_crypto_seeds():
    recorded = json.loads((VECTORS / "array-crypto.json").read_text())
    stream, body, sealed_ones = bytes([0, 0]), bytes([1, 0]), bytes([2, 0])
    for profile, device in (("v1", "sensor-1"), ("v2", "sensor-2")):
        requests = [case["request"].replace(" /", f" /dev/{device}/", 1) for case in recorded["http"][profile]]
        for number, request in enumerate(requests):
            yield f"http-{profile}-{number:02}", stream + request.encode()
        yield f"pieces-{profile}", bytes([0, 77]) + "".join(requests[:4]).encode()
        yield f"body-{profile}", body + b'{"hash": "' + b"ab" * (16 if profile == "v1" else 32) + b'"}'
        wire = bytes.fromhex(recorded[f"{profile}_message"][1]["wire_hex"])
        head = f"POST /dev/{device}/message HTTP/1.1\r\nHost: gw\r\nContent-Length: {len(wire)}\r\n\r\n"
        yield f"message-{profile}", stream + head.encode() + wire
    both = "POST /dev/sensor-1/message HTTP/1.1\r\nHost: gw\r\nContent-Length: 5\r\n"
    yield "two-lengths", stream + (both + "Content-Length: 6\r\n\r\nhello").encode()
    yield "chunks-and-length", stream + (both + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n").encode()
    yield "folded", stream + (both + " x: y\r\n\r\nhello").encode()
    yield "basic", stream + b"GET /snapshot HTTP/1.1\r\nHost: gw\r\nAuthorization: Basic cm9vdDpwYXNzd29yZA==\r\n\r\n"
    yield "exchange", sealed_ones + bytes([5]) + b"hello" + bytes([0x82]) + b"ok" + bytes([0, 0x80, 0xC5, 3]) + b"abc" + bytes([0xDF])


UPSS_STREAM, UPSS_AFTER_HANDSHAKE, UPSS_SEALED, UPSS_FIELD, UPSS_PACKAGE, UPSS_DEVICE = range(6)
UPSS_KEY = "3s1RgW_WAWrzdmKZvNmfrs6JWc2V2RS6noM_BEDf6TQ="  # of the target's sessions and devices


def upss_seeds():
    recorded = json.loads((VECTORS / "upss.json").read_text())
    own = [one for one in recorded["sessions"] if one["fernet_key"] == UPSS_KEY]
    for number, session in enumerate(own):
        client = [one["utf8"].encode() for one in session["messages"] if one["from"] == "client"]
        server = [one["utf8"].encode() for one in session["messages"] if one["from"] == "server"]
        # The target's gateway has a key of 16 bytes.
        client[1] = client[1][: client[1].index(b'"key": "') + 8] + b'BwcHBwcHBwcHBwcHBwcHBw=="}}'
        yield f"stream-{number:02}", bytes([UPSS_STREAM, 0]) + b"".join(client)
        yield f"after-{number:02}", bytes([UPSS_AFTER_HANDSHAKE, 0]) + b"".join(client[4:])
        yield f"device-{number:02}", bytes([UPSS_DEVICE, 0]) + b"".join(server)
        if number == 0:
            yield "stream-pieces", bytes([UPSS_STREAM, 77]) + b"".join(client)
            yield "device-pieces", bytes([UPSS_DEVICE, 77]) + b"".join(server)
    plain = next(one["utf8"] for one in own[0]["messages"] if one.get("plaintext") == "Hello Server!!!")
    plain = plain.replace('"data": {', '"data": {"unit": "C", "at": [1, {"x": null}], ')
    yield "plain", bytes([UPSS_AFTER_HANDSHAKE, 0]) + plain.encode()
    for number, case in enumerate(recorded["data_field_decryption"]):
        yield f"field-{number:02}", bytes([UPSS_FIELD, 0]) + case["wire"].encode()
    for number, case in enumerate(recorded["data_field"]):
        if case["key"] == UPSS_KEY and len(case["wire"]) < 1000:
            yield f"sealed-{number:02}", bytes([UPSS_FIELD, 0]) + case["wire"].encode()
    for number, case in enumerate(recorded["package_parsing"]):
        yield f"package-{number:02}", bytes([UPSS_PACKAGE, 0]) + case["input"].encode("utf-8", "surrogatepass")
    for number, case in enumerate(recorded["package_serialisation"]):
        yield f"written-{number:02}", bytes([UPSS_PACKAGE, 0]) + case["path"].encode("utf-8", "surrogatepass")
    yield "not-utf8", bytes([UPSS_PACKAGE, 0]) + bytes([0x2F, 0xFF, 0xC0, 0x80, 0xED, 0xA0, 0x80, 0xF4, 0x90, 0x80, 0x80, 0xE2, 0x82])
    yield "deep", bytes([UPSS_STREAM, 0]) + b'{"data": ' + b"[" * 40
    turn = bytes([5]) + b"hello" + bytes([0x82]) + b"ok"
    yield "turns", bytes([UPSS_SEALED, 0]) + turn * 3 + bytes([0x80])
    yield "out-of-turn", bytes([UPSS_SEALED, 0]) + bytes([2]) + b"ab" + bytes([2]) + b"cd" + bytes([0x81]) + b"x" + bytes([0x81]) + b"y"
    yield "silence", bytes([UPSS_SEALED, 0]) + bytes([0, 0xFF, 0xFF])
    yield "device-silent", bytes([UPSS_SEALED, 0]) + turn + bytes([0xFF])
    yield "long", bytes([UPSS_SEALED, 0]) + bytes([0x7F]) + bytes(1008) + bytes([0xBF]) + bytes(63)


def main():
    targets = (
        ("frame", frame_seeds()),
        ("session", session_seeds()),
        ("datagram", datagram_seeds()),
        ("pssst", pssst_seeds()),
        ("spp", spp_seeds()),
        ("array_crypto", array_crypto_seeds()),
        ("upss", upss_seeds()),
    )
    for target, seeds in targets:
        folder = HERE / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in seeds:
            (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
