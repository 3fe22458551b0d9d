"""No secret and no password of Array-Crypto comes out of the daemon, and no seed, tick or message text but to its device.

At log level debug: devices come, are refused and break the protocol, files are broken with secrets in wrong places; then
log, audit file, metrics, answers to strangers and operators, what gatehousectl and `--check` print and the records but
for the messages are searched.
"""

import base64
import os

from support.admin import admin_of
from support.array_crypto_client import seal
from support.array_crypto_gate import V1, V2, ArrayCryptoGate, array_crypto_credentials, prefix_of, secret_of
from support.backend import Backend
from support.changes import reloading, replace
from support.daemon import run_program
from support.expect import expect, expect_equal, run
from support.secret_search import check_clean

TEXT = b"nobody else may read this"
PASSWORD = "a password of sensor-2"
BROKEN = [
    'devices: {{d: {{profile: "hex:{hex}", secret: "hex:{hex}"}}}}\n',
    'devices: {{d: {{profile: v1, secret: "hexx:{hex}"}}}}\n',
    'devices: {{d: {{profile: v1, secret: "{hex}"}}}}\n',
    'devices: {{d: {{profile: v1, secret: "hex:{hex}f"}}}}\n',
    'devices: {{d: {{profile: v1, secret: ["hex:{hex}"]}}}}\n',
    'devices: {{d: {{profile: v1, secret: "hex:{hex}"}}, e: {{profile: v1, secret: "hex:{hex}"}}}}\n',
    'devices: {{d: {{profile: v1, secret: "hex:{hex}", prefix: "hex:{hex}"}}}}\n',
    'devices: {{d: {{profile: v1, secret: "hex:{hex}", password: "{hex}"}}}}\n',
    'devices: {{d: {{profile: v1, secret: "hex:{hex}", password: "text:x", "{hex}": 1}}}}\n',
    'devices: {{"hex:{hex}": {{profile: v1, secret: "hex:{hex}"}}}}\n',
    'devices: {{d: {{profile: v1, secret: "hex:{hex}", name: "hex:{hex}"}}}}\n',
    'devices: "hex:{hex}"\n',
    'devices: {{d: {{profile: v1, secret: "hex:{hex}\n',
]


def provoke(gate):
    """Numbers of pairs, which are told to the devices only; and what strangers were told."""
    numbers, said = set(), []
    for name, more in ((V1, {}), (V2, {"user": V2, "password": PASSWORD})):
        client = gate.client(name, **more)
        client.authenticate()
        expect_equal(client.talk(TEXT), TEXT, "the echo")
        pair = client.snapshot()
        numbers.update(str(number).encode() for number in pair if number > 2**32)
        profile = gate.profiles[name]
        for wrong in (seal(profile, *pair, TEXT)[:-1], b"", b"x" * 100):
            said.append(repr(gate.client(name, **more).post(wrong)))
        said.append(repr(client.exchange(client.request("GET", "/health"))))
    stranger = gate.client(V2, user=V2, password=PASSWORD[:-1] + "x")
    said.append(repr(stranger.exchange(stranger.request("GET", "/snapshot"))))
    for path in ("/", "/snapshot", prefix_of(V2) + "/docs"):
        said.append(repr(gate.connection().ask(f"GET {path} HTTP/1.1\r\nHost: gw\r\n\r\n".encode())))
    return numbers, said


def break_files(gate, admin):
    said = []
    for text in BROKEN:
        with reloading(gate, "failed"):
            replace(gate.credential_file, "version: 1\n" + text.format(hex=secret_of(V1).hex()))
        checked = run_program("--check", "--config", gate.config_file)
        expect_equal(checked.returncode, 1, f"--check of {text}")
        said += [checked.stdout + checked.stderr, admin.text("POST", "/v1/reload")[1], admin.text("GET", "/v1/status")[1]]
    return said


def ask_everything(gate, admin):
    paths = ["/v1/version", "/v1/status", "/v1/sessions", "/v1/credentials", "/v1/keys", "/v1/keys/secret/stale",
             "/v1/devices?credentials=fleet", f"/v1/devices/{V1}?credentials=fleet"]
    answers = [admin.text("GET", path)[1] for path in paths]
    answers += [admin.text("POST", f"/v1/devices/{V1}/{what}")[1] for what in ("psk", "rotate", "revoke", "disable")]
    answers.append(admin.text("POST", "/v1/export?credentials=fleet")[1])
    for words in (["status"], ["keys"], ["credentials"], ["sessions"], ["device", "show", V1]):
        done = run_program("--socket", gate.directory / "admin.sock", *words, program=os.environ["GATEHOUSECTL"])
        answers.append(done.stdout + done.stderr)
    return answers


def main():
    settings = {"admin": {"socket": "admin.sock", "audit": "audit.log"}}
    profiles = {V1: "v1", V2: "v2"}
    text = array_crypto_credentials(profiles, sensor_2={"password": "text:" + PASSWORD})
    secrets = [secret_of(V1), secret_of(V2), PASSWORD.encode()]
    with Backend(echo=True) as backend, ArrayCryptoGate(
        backend, profiles, credentials_text=text, settings=settings
    ) as gate:
        admin = admin_of(gate)
        numbers, said = provoke(gate)
        expect(numbers, "numbers of pairs")
        answers = said + ask_everything(gate, admin) + break_files(gate, admin) + ask_everything(gate, admin)
        metrics = gate.get("/metrics")[1]
        gate.terminate()
        gate.wait_exit()
        basic = base64.b64encode(f"{V2}:{PASSWORD}".encode())
        everything = [*secrets, *numbers, TEXT, basic]
        for answer in answers:
            check_clean("an answer", answer, everything)
        check_clean("the metrics", metrics, everything)
        check_clean("the log", gate.log(), everything)
        check_clean("the audit file", (gate.directory / "audit.log").read_text(), everything)
        check_clean("the records", str(backend.select(lambda r: r["type"] != "data")), everything)


run(main)
