"""`--check` refuses a credential file of spp or pssst that is wrong, and says where and what would be right.

Gateway keys and devices by public key: missing, broken, doubled and unusable keys, unknown gateway keys, names that
cannot be names, and the fields of another kind of file. The keys come from an independent implementation.
"""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from support.check import CONFIG, check
from support.expect import expect, expect_equal, run


def pair(kind, fill):
    made = kind.from_private_bytes(bytes([fill]) * 32)
    return (
        made.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()),
        made.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),
    )


GATEWAY, GATEWAY_PUBLIC = pair(Ed25519PrivateKey, 1)
METER = pair(Ed25519PrivateKey, 2)[1].hex()
OTHER = pair(Ed25519PrivateKey, 3)[1].hex()
SEALED, SEALED_PUBLIC = pair(X25519PrivateKey, 4)
SENSOR = pair(X25519PrivateKey, 5)[1]

SPP = CONFIG.replace("protocol: usmp", "protocol: spp")
PSSST = CONFIG.replace("protocol: usmp", "protocol: pssst").replace("transport: tcp", "transport: udp")

FILE = f"""\
version: 1
gateway_keys:
  - {{id: g1, private: "file:g1.key"}}
devices:
  meter-4: {{public: "hex:{METER}", gateway_key: g1}}
"""
DATAGRAMS = FILE.replace(METER, SENSOR.hex())

# the configuration, the file, what is wrong in it, and words that the complaint must have
CASES = [
    (SPP, FILE + "colour: blue\n", "colour: blue", ["unknown key"]),
    (SPP, FILE.replace("gateway_key: g1", "gateway_key: g11"), "meter-4", ["gateway_keys", "g1"]),
    (SPP, FILE.replace(METER, METER[:-2]), "meter-4", ["31 bytes", "Ed25519"]),
    (SPP, FILE.replace("hex:" + METER, METER), "meter-4", ["hex:", "64 digits"]),
    (SPP, FILE.replace(METER, "01" + "00" * 31), "meter-4", ["small order"]),
    (SPP, FILE.replace(METER, GATEWAY_PUBLIC.hex()), "meter-4", ["gateway key"]),
    (SPP, FILE + f'  meter-5: {{public: "hex:{METER}"}}\n', "meter-5", ["line 5"]),
    (SPP, FILE + f'  meter-4: {{public: "hex:{OTHER}"}}\n', f'  meter-4: {{public: "hex:{OTHER}"', ["line 5"]),
    (SPP, FILE.replace("meter-4", '"02:00:00:00:00:01"'), '"02:00:00:00:00:01"', ["USMP", "name"]),
    (SPP, FILE.replace("meter-4", "meter 4"), "meter 4", ["without spaces"]),
    (SPP, FILE.replace("meter-4", "anonymous"), "anonymous:", ["reserved"]),
    (SPP, FILE.replace("meter-4", '"*"'), '"*"', ["wildcard"]),
    (SPP, FILE.replace("gateway_key: g1", "from: [anywhere]"), "meter-4", ["10.1.0.0/16"]),
    (SPP, FILE.replace(f'public: "hex:{METER}"', 'psk: [{id: k1, secret: "text:sixteen letters!"}]'), "psk", ["usmp"]),
    (SPP, FILE + "anonymous: true\n", "anonymous: true", ["spp"]),
    (SPP, FILE + "derived: []\n", "derived: []", ["pre-shared"]),
    (SPP, FILE.replace("file:g1.key", "text:" + "x" * 32), "text:", ["file:"]),
    (SPP, FILE.replace("file:g1.key", "file:pem.key"), "file:pem.key", ["32 raw bytes"]),
    (SPP, FILE.replace("file:g1.key", "file:gone.key"), "file:gone.key", ["gone.key"]),
    (SPP, FILE.replace('  - {id: g1, private: "file:g1.key"}\n', "  []\n"), "  []", ["keygen"]),
    (SPP, FILE.replace('gateway_keys:\n  - {id: g1, private: "file:g1.key"}\n', ""), None, ["gateway_keys"]),
    (PSSST, DATAGRAMS.replace(SENSOR.hex(), SENSOR[:31].hex() + f"{SENSOR[31] | 0x80:02x}"), "meter-4", ["highest bit"]),
    (PSSST, DATAGRAMS.replace(SENSOR.hex(), "00" * 32), "meter-4", ["low order"]),
    (PSSST, DATAGRAMS.replace(SENSOR.hex(), "ed" + "ff" * 30 + "7f"), "meter-4", ["2^255-19"]),
    (PSSST, DATAGRAMS.replace("gateway_key: g1", 'from: ["10.0.0.0/8"]'), "meter-4", ["spp"]),
    (CONFIG, FILE, "gateway_keys", ["usmp"]),
]


def files_for(config):
    return {"g1.key": SEALED if config is PSSST else GATEWAY, "pem.key": b"-----BEGIN PRIVATE KEY-----\n"}


def check_case(config, text, wrong, words):
    result = check(config=config, credentials=text, files=files_for(config))
    what = f"{wrong!r} in\n{text}"
    expect_equal(result.code, 1, f"exit code of --check with {what}; it said {result.output!r}")
    complaints = [c for c in result.complaints if c.file == "fleet.yaml"]
    expect(complaints, f"a complaint about the credential file with {what}; it said:\n{result.output}")
    if wrong is not None:
        line = text[: text.index(wrong)].count("\n") + 1
        complaints = [c for c in complaints if c.line == line]
        expect(complaints, f"a complaint in line {line} about {what}; it said:\n{result.output}")
    for word in words:
        expect(
            any(word in c.text for c in complaints), f"a complaint about {what} has {word!r}: {complaints[0].text}"
        )


def check_good_files():
    """Whatever else may be wrong, nothing is with the file."""
    for config, text in ((SPP, FILE), (PSSST, DATAGRAMS), (PSSST, DATAGRAMS + "anonymous: true\n")):
        result = check(config=config, credentials=text, files=files_for(config))
        expect(not [c for c in result.complaints if c.file == "fleet.yaml"], f"no complaint about a good file: {result.output}")


def check_trial_keys():
    devices = "".join(
        f'  d{number}: {{public: "hex:{pair(Ed25519PrivateKey, 100 + number)[1].hex()}"%s}}\n' for number in range(70)
    )
    head = FILE.partition("  meter-4")[0]
    crowded = check(config=SPP, credentials=head + devices.replace("%s", ""), files=files_for(SPP))
    said = [c.text for c in crowded.complaints if c.file == "fleet.yaml"]
    expect(said and "70 devices" in said[0] and '"trial_keys" is 64' in said[0], f"too many keys: {crowded.output}")
    half = devices.replace("%s", ', from: ["10.1.0.0/16"]', 35).replace("%s", ', from: ["10.2.0.0/16"]')
    spread = check(config=SPP, credentials=head + half, files=files_for(SPP))
    expect(not [c for c in spread.complaints if c.file == "fleet.yaml"], f"ranges help: {spread.output}")


def check_permissions():
    result = check(config=SPP, credentials=FILE, mode=0o644, files=files_for(SPP))
    expect("fleet.yaml" in result.output and "600" in result.output, f"mode 644: {result.output}")


def main():
    for case in CASES:
        check_case(*case)
    check_good_files()
    check_trial_keys()
    check_permissions()


run(main)
