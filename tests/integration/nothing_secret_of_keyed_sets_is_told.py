"""No private key of the gateway, no session key and no message text comes out of the daemon. SPP and PSSST.

Gateway keys as hex, base64 and in files, at log level debug. Devices come, are refused and break the protocol; all
questions of the administration interface are asked; files are broken with private keys in the wrong places, loaded and
checked. Then log, audit file, metrics, answers, what gatehousectl and `--check` print and the backend's records but for
the messages are searched for every secret as hex, base64 and text.
"""

import base64

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from support.admin import admin_of
from support.backend import Backend
from support.changes import reloading, replace
from support.daemon import run_program, write_secret
from support.expect import eventually, expect, expect_equal, run
from support.fleet import key_for
from support.keyed_gate import METERS, PUBLIC_OF, SENSORS, KeyedGate, gateway_private
from support.pssst_client import random_packet
from support.pssst_gate import device_private
from support.secret_search import check_clean
from support.spp_device import DERIVE
from support.spp_gate import seed_of

NAMES = {METERS: ["meter-1", "meter-2"], SENSORS: ["sensor-1", "sensor-2"]}
PLAINTEXT = b"nobody else may read this"
KEYS = ("g3", "g2", "g1")
FIRST = {METERS: "meter-1", SENSORS: "sensor-1"}
# What stands behind `version: 1`; {hex} and {base64} are a private key, {public} a device's public one.
BROKEN = [
    'gateway_keys: [{{id: g1, private: "hexx:{hex}"}}]\ndevices: {{}}\n',
    'gateway_keys: [{{id: g1, private: "hex:{hex}f"}}]\ndevices: {{}}\n',
    'gateway_keys: [{{id: g1, private: "hex:{hex}00"}}]\ndevices: {{}}\n',
    'gateway_keys: [{{id: g1, private: "base64:{base64}="}}]\ndevices: {{}}\n',
    'gateway_keys: [{{id: g1, private: "text:{hex}"}}]\ndevices: {{}}\n',
    'gateway_keys: [{{id: g1, private: "{hex}"}}]\ndevices: {{}}\n',
    'gateway_keys: [{{id: g1, "hex:{hex}": private}}]\ndevices: {{}}\n',
    'gateway_keys: [{{id: g1, private: "hex:{hex}", "{base64}": 1}}]\ndevices: {{}}\n',
    'gateway_keys: [{{id: "{hex}x", private: "hex:{hex}", not_after: "hex:{hex}"}}]\ndevices: {{}}\n',
    'gateway_keys: [{{id: g1, private: "hex:{hex}", revoked: "hex:{hex}"}}]\ndevices: {{}}\n',
    'gateway_keys: [{{id: g1, private: "hex:{hex}"}}, {{id: g2, private: "hex:{hex}"}}]\ndevices: {{}}\n',
    'gateway_keys: "hex:{hex}"\ndevices: {{}}\n',
    'gateway_keys: {{g1: "hex:{hex}"}}\ndevices: {{}}\n',
    'gateway_keys: [{{id: g1, private: "file:pem.key"}}]\ndevices: {{}}\n',
    'gateway_keys: [{{id: g1, private: "hex:{hex}"}}]\ndevices: {{d: {{public: "hex:{hex}00"}}}}\n',
    'gateway_keys: [{{id: g1, private: "hex:{hex}"}}]\ndevices: {{d: {{public: "{hex}"}}}}\n',
    'gateway_keys: [{{id: g1, private: "hex:{hex}"}}]\ndevices: {{d: {{public: "base64:{base64}", from: ["{hex}"]}}}}\n',
    'gateway_keys: [{{id: g1, private: "hex:{hex}"}}]\ndevices: {{d: {{public: "hex:{public}", gateway_key: "hex:{hex}"}}}}\n',
    'gateway_keys: [{{id: g1, private: "hex:{hex}"}}]\ndevices: {{d: {{psk: [{{id: k, secret: "hex:{hex}"}}]}}}}\n',
    'gateway_keys: [{{id: g1, private: "hex:{hex}"}}]\ndevices: {{"d {hex}": {{public: "hex:{public}"}}}}\n',
    'gateway_keys: [{{id: g1, private: "hex:{hex}"}}]\ndevices: {{}}\nanonymous: "hex:{hex}"\n',
    'gateway_keys: [{{id: g1, private: "hex:{hex}"}}]\ndevices: {{}}\n"hex:{hex}": 1\n',
    'gateway_keys: [{{id: g1, private: "hex:{hex}\n',
]


def good(kind):
    g1, g2 = (gateway_private(kind, key) for key in ("g1", "g2"))
    devices = "".join(f'  {name}: {{public: "hex:{PUBLIC_OF[kind](name).hex()}"}}\n' for name in NAMES[kind])
    return (
        f'version: 1\ngateway_keys:\n  - {{id: g3, private: "file:{kind}-g3.key"}}\n'
        f'  - {{id: g2, private: "base64:{base64.b64encode(g2).decode()}"}}\n'
        f'  - {{id: g1, private: "hex:{g1.hex()}"}}\ndevices:\n{devices}'
    )


def provoke_meters(gate, backend):
    device = gate.device("meter-1", "g3").open()
    device.send_hello()
    hello = device.read_hello()
    key = DERIVE["0.2"](device.ephemeral.exchange(X25519PublicKey.from_public_bytes(hello[72:])))
    device.send(PLAINTEXT)
    expect_equal(backend.wait_data("meter-1"), [PLAINTEXT], "the message")
    device.send_raw(device.seal(b"\7" * 8 + PLAINTEXT))
    device.expect_closed()
    wrong = key_for("nobody's key")
    stranger = gate.device("meter-2", "g3")
    stranger.seed = wrong
    expect(stranger.is_refused(), "a stranger is refused")
    broken = gate.device("meter-2", "g3").open().shake_hands()
    broken.send_raw(b"\x30" + bytes(7) + PLAINTEXT + bytes(23))
    broken.expect_closed()
    return [key, wrong, seed_of("meter-1"), seed_of("meter-2")]


def provoke_sensors(gate, backend):
    secrets = [device_private(name) for name in NAMES[SENSORS]]
    for nth, key_id in enumerate(KEYS, 1):
        client = gate.client("sensor-1", key_id)
        request = client.send(PLAINTEXT)
        secrets.append(request.key)
        backend.send_data(backend.opened("sensor-1", nth)["session"], PLAINTEXT)
        expect_equal(request.open(client.take()), PLAINTEXT, "the reply")
    client = gate.client("sensor-2", "g3")
    client.post(random_packet(200))
    client.post(client.request(PLAINTEXT, proof=bytes(64)))
    stranger = gate.client("nobody", "g3")
    stranger.post(stranger.request(PLAINTEXT))
    eventually(lambda: gate.requests("unknown_device") == 1, "a stranger's request is refused")
    return [*secrets, device_private("nobody")]


def break_files(gate, admin):
    """What was said about broken files."""
    said = []
    for kind in (METERS, SENSORS):
        private = gateway_private(kind, "g1")
        write_secret(gate.file_of(kind).with_name("pem.key"), b"-----BEGIN PRIVATE KEY-----\n" + private.hex().encode())
        for text in BROKEN:
            public = PUBLIC_OF[kind](FIRST[kind]).hex()
            filled = text.format(hex=private.hex(), base64=base64.b64encode(private).decode(), public=public)
            with reloading(gate, "failed"):
                replace(gate.file_of(kind), "version: 1\n" + filled)
            checked = run_program("--check", "--config", gate.config_file)
            expect_equal(checked.returncode, 1, f"--check of {text}")
            said += [checked.stdout + checked.stderr, admin.text("POST", "/v1/reload")[1]]
            said += [admin.text("GET", "/v1/status")[1]]
        with reloading(gate):
            replace(gate.file_of(kind), good(kind))
    return said


def ask_everything(gate, admin):
    paths = ["/v1/version", "/v1/status", "/v1/sessions", "/v1/credentials", "/v1/keys", "/v1/log-level"]
    changes = []
    for kind in (METERS, SENSORS):
        paths += [f"/v1/keys/{key}/stale?credentials={kind}" for key in KEYS]
        paths += [f"/v1/devices?credentials={kind}", f"/v1/devices/{FIRST[kind]}?credentials={kind}"]
        changes += [f"/v1/export?credentials={kind}", f"/v1/import?credentials={kind}"]
        changes += [f"/v1/devices/{FIRST[kind]}/{what}" for what in ("psk", "rotate", "revoke", "disable")]
    answers = [admin.text("GET", path)[1] for path in paths]
    answers += [admin.text("POST", path, good(METERS) if "import" in path else None)[1] for path in changes]
    for words in (["status"], ["keys"], ["credentials"], ["sessions"], ["device", "show", "meter-1"]):
        answers.append(gate.ctl(*words))
    return answers


def main():
    texts = {kind: good(kind) for kind in (METERS, SENSORS)}
    secrets = [gateway_private(kind, key) for kind in (METERS, SENSORS) for key in KEYS]
    settings = {"admin": {"socket": "admin.sock", "audit": "audit.log"}}
    with Backend() as backend:
        gate = KeyedGate(backend, NAMES, settings=settings, texts=texts)
        for kind in (METERS, SENSORS):
            write_secret(gate.file_of(kind).with_name(f"{kind}-g3.key"), gateway_private(kind, "g3"))
        with gate:
            admin = admin_of(gate)
            secrets += provoke_meters(gate, backend) + provoke_sensors(gate, backend)
            answers = ask_everything(gate, admin) + break_files(gate, admin) + ask_everything(gate, admin)
            metrics = gate.get("/metrics")[1]
            gate.terminate()
            gate.wait_exit()
            for answer in answers:
                check_clean("an answer", answer, [*secrets, PLAINTEXT])
            check_clean("the metrics", metrics, [*secrets, PLAINTEXT])
            check_clean("the log", gate.log(), [*secrets, PLAINTEXT])
            check_clean("the audit file", (gate.directory / "audit.log").read_text(), secrets)
            check_clean("the records", str(backend.select(lambda r: r["type"] != "data")), [*secrets, PLAINTEXT])


run(main)
