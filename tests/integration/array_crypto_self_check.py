"""The Python client of Array-Crypto makes and reads what the published clients made: tests/vectors/array-crypto.json."""

import json
import pathlib

from support.array_crypto_client import StockClient, chacha20, seal, unseal, v1_key, v2_hash, v2_key
from support.expect import expect, expect_equal, expect_raises, run

VECTORS = json.loads((pathlib.Path(__file__).resolve().parents[1] / "vectors" / "array-crypto.json").read_text())


def raw(case, name):
    return bytes.fromhex(case[f"{name}_hex"])


def check_messages(profile):
    for case in VECTORS[f"{profile}_message"]:
        text, wire = raw(case, "plaintext"), raw(case, "wire")
        expect_equal(seal(profile, case["seed"], case["tick"], text, raw(case, "salt")), wire, "a message")
        expect_equal(unseal(profile, case["seed"], case["tick"], wire), text, "its text")
    for case in VECTORS[f"{profile}_decrypt"]:
        if case.get("config"):
            continue
        if case["ok"]:
            opened = unseal(profile, case["seed"], case["tick"], raw(case, "wire"))
            expect_equal(opened, raw(case, "plaintext"), case["name"])
        else:
            expect_raises(ValueError, unseal, profile, case["seed"], case["tick"], raw(case, "wire"))


def main():
    for case in VECTORS["v1_key"]:
        expect_equal(v1_key(case["seed"], raw(case, "salt")), raw(case, "key"), "a key of v1")
    for case in VECTORS["v2_key"]:
        expect_equal(v2_key(case["seed"], case["tick"], raw(case, "salt"), case["array_size"]), raw(case, "key"), "of v2")
    for case in VECTORS["chacha20_16byte_nonce"]:
        stream = raw(case, "keystream")
        expect_equal(chacha20(raw(case, "key"), bytes.fromhex(case["nonce16_hex"]), len(stream)), stream, "a keystream")
    for case in VECTORS["v2_hash"]:
        expect_equal(v2_hash(raw(case, "data"), case["size"]), raw(case, "hash"), "a hash")
    for profile in ("v1", "v2"):
        check_messages(profile)
    recorded = VECTORS["aiohttp_requests"]
    host = recorded["snapshot"].split("Host: 127.0.0.1:")[1].split("\r\n")[0]
    client = StockClient(int(host), "v1", b"")
    expect_equal(client.request("GET", "/snapshot").decode(), recorded["snapshot"], "a request on the wire")
    body = recorded["handshake"].split("\r\n\r\n")[1].encode()
    expect_equal(
        client.request("POST", "/handshake", body, "application/json").decode(), recorded["handshake"], "a handshake"
    )
    expect(len(VECTORS["v2_message"]) > 5, "there are vectors")


run(main)
