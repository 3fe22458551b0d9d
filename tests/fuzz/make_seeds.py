#!/usr/bin/env python3
"""Writes the seeds of the frame and session targets from the recorded vectors: make_seeds.py

The seeds are checked in; run this again when the vectors or the targets' input formats change.
"""

import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
VECTORS = HERE.parent / "vectors"
GENERATIONS = {"A": "A-0.2.x", "B": "B-0.3.0", "C": "C-0.4.7", "D1": "D1-0.5.x", "D2": "D2-1.0.x", "D3": "D3-1.2.x"}
WHOLE_STREAM, AFTER_HANDSHAKE, SEALED = range(3)
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


def main():
    for target, seeds in (("frame", frame_seeds()), ("session", session_seeds())):
        folder = HERE / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in seeds:
            (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
