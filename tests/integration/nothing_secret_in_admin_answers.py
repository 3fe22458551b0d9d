"""No key is in any answer of the administration interface but the one that was asked for a key, nor in log and metrics.

Listed keys, masters, derived keys and those in files; at log level debug. All questions are asked, files are broken with
secrets in the wrong places and loaded, keys are shown to an operator and requests with secrets in them refused. Then
answers, log, audit file and metrics are searched for every secret as hex, base64 and text.
"""


from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from support.admin import admin_of
from support.backend import Backend
from support.changes import reloading, replace
from support.daemon import Gatehouse, credential_text, psk_entry, write_secret
from support.expect import expect, run
from support.fleet import ONE, THREE, TWO, key_for
from support.secret_search import check_clean
from support.usmp_device import device_id_bytes

DERIVED = "02:01:00:00:00:07"
TEXT_KEY = b"correct horse battery staple"
MASTER, NEXT_MASTER = key_for("master"), key_for("next master")
SENT = key_for("sent in a request")
READING = [
    "/v1/version", "/v1/status", "/v1/sessions", "/v1/credentials", "/v1/keys", "/v1/keys/h/stale", "/v1/devices",
    f"/v1/devices/{ONE}", f"/v1/devices/{THREE}", f"/v1/devices/{DERIVED}", "/v1/log-level",
]  # fmt: skip
BROKEN = [
    'version: 1\ndevices:\n  "{one}":\n    psk: [{{id: k, secret: "hexx:{secret}"}}]\n',
    'version: 1\ndevices:\n  "{one}":\n    psk: [{{id: k, secret: "hex:{secret}f"}}]\n',
    'version: 1\ndevices:\n  "{one}":\n    psk: [{{id: k, "hex:{secret}": secret}}]\n',
    'version: 1\ndevices:\n  "{one}":\n    psk: [{{id: "hex:{secret}", secret: "hex:{secret}"}}]\n',
    'version: 1\ndevices:\n  "hex:{secret}":\n    psk: [{{id: k, secret: "hex:{secret}"}}]\n',
    'version: 1\ndevices:\n  "{one}":\n    psk: [{{id: k, secret: "hex:{secret}", not_after: "hex:{secret}"}}]\n',
    'version: 1\ndevices: {{}}\nderived: [{{id: m, master: "text:{secret}", devices: "hex:{secret}"}}]\n',
    'version: 1\ndevices:\n  "{one}":\n    psk: [{{id: k, secret: "hex:{secret}\n',
]


def derived(master):
    info = device_id_bytes(DERIVED)
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=b"gatehouse psk v1", info=info).derive(master)


def main():
    file_key = key_for("in a file")
    devices = {
        ONE: {"psk": [psk_entry(key_for("hex"), "h"), psk_entry(key_for("older"), "g")]},
        TWO: {"psk": [{"id": "f", "secret": "file:two.key"}]},
        THREE: {"psk": [{"id": "t", "secret": "text:" + TEXT_KEY.decode()}]},
    }
    masters = [
        {"id": name, "master": "hex:" + key.hex(), "devices": "02:01:00:00:00:00/16"}
        for name, key in (("m2", NEXT_MASTER), ("m1", MASTER))
    ]
    known = [key_for("hex"), key_for("older"), file_key, TEXT_KEY, MASTER, NEXT_MASTER]
    secrets = [*known, derived(MASTER), derived(NEXT_MASTER), SENT]
    good = credential_text(devices, derived=masters)
    settings = {"admin": {"socket": "admin.sock", "audit": "audit.log"}}
    with Backend() as backend:
        gate = Gatehouse(backend, devices, credentials=good, settings=settings)
        write_secret(gate.credential_file.with_name("two.key"), file_key)
        with gate:
            admin = admin_of(gate)
            for name, key in ((ONE, key_for("hex")), (TWO, file_key), (THREE, TEXT_KEY), (DERIVED, derived(MASTER))):
                gate.connect(name, psk=key).ping()
            admin.post(f"/v1/devices/{DERIVED}/psk")
            sent = {"id": "x", "secret": "hex:" + SENT.hex()}
            answers = [admin.text("POST", f"/v1/devices/{name}/psk")[1] for name in (ONE, TWO, THREE)]
            answers.append(admin.text("POST", f"/v1/devices/{ONE}/rotate", sent)[1])
            answers.append(admin.text("POST", f"/v1/devices/{ONE}/rotate", {**sent, "colour": 1})[1])
            answers.append(admin.text("POST", "/v1/import", good)[1])
            answers.append(admin.text("POST", f"/v1/devices/{ONE}/psk", {"id": "hex:" + SENT.hex()})[1])
            for text in BROKEN:
                with reloading(gate, "failed"):
                    replace(gate.credential_file, text.format(one=ONE, secret=key_for("hex").hex()))
                answers.append(admin.text("POST", "/v1/reload")[1])
                answers.append(admin.text("GET", "/v1/status")[1])
            with reloading(gate):
                replace(gate.credential_file, good)
            answers += [admin.text("GET", path)[1] for path in READING]
            metrics = gate.get("/metrics")[1]
            gate.terminate()
            gate.wait_exit()
            for answer in answers:
                check_clean("an answer", answer, secrets)
            check_clean("the metrics", metrics, secrets)
            check_clean("the log", gate.log(), secrets)
            check_clean("the audit file", (gate.directory / "audit.log").read_text(), secrets)


run(main)
