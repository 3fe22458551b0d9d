"""Every kind of bad packet costs nothing but its counter: no answer, no record, and the daemon goes on.

All recorded malformed requests, each with its own reason; odd ones that are accepted, once for each DH value; every length from 0 to 120
with every combination of the known flags; and packets longer than the gateway reads.
"""

import json
import pathlib

from support.backend import Backend
from support.expect import eventually, expect, expect_equal, run
from support.pssst_client import Client, random_packet
from support.pssst_gate import REQUESTS, PssstGate
from support.yaml_text import to_yaml

VECTORS = pathlib.Path(__file__).resolve().parents[1] / "vectors" / "pssst.json"
RESULTS = {
    "Truncated": "truncated",
    "UnsupportedCipher": "unsupported_cipher",
    "NotRequest": "not_request",
    "InvalidPoint": "invalid_point",
    "DecryptFailed": "decrypt_failed",
    "ClientAuthFailed": "client_auth_failed",
}


def counts(gate):
    samples = gate.metrics()[REQUESTS]
    return {dict(labels)["result"]: value for labels, value in samples.items() if ("listener", "air") in labels}


def recorded_ring(keys):
    return to_yaml({
        "version": 1,
        "gateway_keys": [{"id": "g1", "private": "hex:" + keys["server_private"]}],
        "devices": {"recorded": {"public": "hex:" + keys["client_public"]}},
        "anonymous": True,
    })


def dropped_as(gate, client, packet):
    """The result under which the packet was counted."""
    before = counts(gate)
    client.post(packet)
    after = eventually(lambda: (now := counts(gate)) != before and now, "the packet is counted")
    expect_equal(client.take(0.01), None, "an answer to a bad packet")
    return next(name for name in after if after[name] != before[name])


def main():
    vectors = json.loads(VECTORS.read_text())
    keys = vectors["keysets"]["A"]
    with Backend() as backend:
        gate = PssstGate(backend, credentials_text=recorded_ring(keys))
        with gate:
            client = Client(gate.port, bytes.fromhex(keys["server_public"]))
            gate.opened.append(client)
            for case in vectors["malformed_requests"]:
                packet = bytes.fromhex(case["packet"])
                wanted = {RESULTS[name] for name in (case["expected_error"], *(case.get("also_acceptable") or ()))}
                found = dropped_as(gate, client, packet)
                expect(found in wanted, f"{case['id']} is counted as {found}, not as one of {wanted}")

            expect_equal(dropped_as(gate, client, random_packet(2049)), "oversize", "a packet of 2049 bytes")
            expect_equal(dropped_as(gate, client, random_packet(60000)), "oversize", "a packet of 60000 bytes")
            expect_equal(backend.select(type="open"), [], "requests at the backend")

            before = sum(counts(gate).values())
            sent = 0
            for flags in (0x00, 0x40, 0x80, 0xC0):
                for size in range(121):
                    client.post(random_packet(size, bytes([flags, 0, 0, 1])))
                    sent += 1
            gate.wait_metric(REQUESTS, before + sent, listener="air")
            expect_equal(client.take(0.05), None, "an answer to junk")
            expect_equal(gate.results("accepted"), 0, "accepted junk")

            accepted, values = 0, set()
            for case in vectors["edge_requests"]:
                seen = case["python_0_2_1"]
                packet = bytes.fromhex(case["packet"])
                client.post(packet)
                if seen["result"] != "accept" or seen["client_public_key"] not in (None, keys["client_public"]):
                    expect_equal(client.take(0.05), None, f"an answer to {case['id']}")
                    continue
                if packet[4:36] in values:  # recorded with the same ephemeral key as another
                    expect_equal(client.take(0.05), None, f"an answer to {case['id']}, whose DH value is known")
                    continue
                values.add(packet[4:36])
                accepted += 1
                opened = backend.wait_for(accepted, type="open")[-1]
                backend.wait_for(1, type="data", session=opened["session"])
                backend.send_data(opened["session"], b"\x72")
                expect_equal(client.take(), bytes.fromhex(seen["reply_to_72"]), f"the reply to {case['id']}")
            expect(accepted >= 5, f"only {accepted} odd packets were accepted")
            gate.wait_result("unknown_device", 2)  # aliases of a listed key are other keys


run(main)
