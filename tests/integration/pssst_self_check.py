"""The tests' own PSSST client makes the recorded packets and opens the recorded replies, byte by byte.

Otherwise the other pssst_ tests would prove nothing. It refuses replies to other requests, and changed ones.
"""

import json
import pathlib

from cryptography.exceptions import InvalidTag
from support.expect import expect, expect_equal, expect_raises, run
from support.pssst_client import Request

VECTORS = pathlib.Path(__file__).resolve().parents[1] / "vectors" / "pssst.json"


def main():
    vectors = json.loads(VECTORS.read_text())
    made, opened, foreign = 0, 0, None
    for case in vectors["requests"]:
        if "packet" not in case:
            continue
        keys = vectors["keysets"][case["keyset"]]
        request = Request(
            bytes.fromhex(keys["server_public"]),
            bytes.fromhex(case["message"]),
            bytes.fromhex(keys["client_private"]) if case["client_auth"] else None,
            ephemeral=bytes.fromhex(case["ephemeral_private"]),
        )
        expect_equal(request.packet.hex(), case["packet"], f"the packet of {case['id']}")
        made += 1
        for reply in case["replies"]:
            raw = bytes.fromhex(reply["packet"])
            expect_equal(request.open(raw).hex(), reply["message"], f"a reply to {case['id']}")
            expect_raises(InvalidTag, request.open, raw[:-1] + bytes([raw[-1] ^ 1]))
            opened += 1
        if foreign is not None:
            expect_raises(ValueError, request.open, foreign)
        foreign = bytes.fromhex(case["replies"][0]["packet"])
    expect(made >= 54 and opened >= 160, f"only {made} packets and {opened} replies were compared")


run(main)
