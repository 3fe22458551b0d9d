"""No key of UPSS comes out of the daemon, and no text of a message but to its device and the backend.

At log level debug: devices come, are refused and break the protocol, settings are broken with secrets in wrong places;
then log, audit file, metrics, answers to strangers and operators, what gatehousectl and `--check` print and the records
but for the messages are searched.
"""

import base64
import copy
import os
import signal

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from support.admin import admin_of
from support.backend import Backend
from support.changes import reloading, write_config
from support.daemon import run_program, write_secret
from support.expect import expect_equal, expect_raises, run
from support.secret_search import check_clean
from support.upss_device import package
from support.upss_gate import ERROR, UpssGate

TEXT = "nobody else may read this"
SECOND = "nor that, which is refused"


def numbers_of(key):
    """The parts of a private key, as bytes and as the lines of its PEM."""
    private = key.private_numbers()
    made = [number.to_bytes(-(-number.bit_length() // 8), "big") for number in (private.p, private.q, private.d)]
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return made + pem.splitlines()[2:-2]


def provoke(gate):
    """Session keys, and what strangers were told."""
    keys, said = [], []
    for release in ("0.0.1", "0.0.2"):
        device = gate.connected(release=release)
        expect_equal(device.talk(TEXT), TEXT, "the echo")
        keys.append(device.key)
    refused = gate.connected()
    keys.append(refused.key)
    refused.send("SEND", {"msg": refused.message(SECOND)["msg"] + "AAAA", "beside": SECOND})
    expect_equal(refused.hear(), ERROR, "a spelling that is refused")
    weak = gate.upss_device(key=base64.urlsafe_b64encode(b"w" * 32)).begin()
    expect_raises(ConnectionError, weak.offer_key)
    keys.append(weak.key)
    for path in ("/", "/unlisted"):
        stranger = gate.connected(path)
        stranger.send("SEND", {"msg": "x"})
        said.append(repr(stranger.wire.take()))
    for stray in (b"GET / HTTP/1.1\r\n\r\n", package("/", "SEND", {})[:-1] + b"]"):
        wire = gate.wire()
        wire.send(stray)
        said.append(repr(wire.is_closed()))
    return keys, said


def break_settings(gate, admin, private):
    """The private key where it does not belong."""
    said = []
    for options in (
        {"private_key": private},
        {"private_key": "text:" + private},
        {"private_key": ["text:" + private]},
        {"routes": [private]},
        {"routes": "text:" + private},
        {"rotate": "text:" + private},
        {"text:" + private: "strict"},
    ):
        config = copy.deepcopy(gate.config)
        config["listeners"][0]["upss"] = options
        good = gate.config
        with reloading(gate, "failed"):
            write_config(gate, config)
            gate.signal(signal.SIGHUP)
        checked = run_program("--check", "--config", gate.config_file)
        expect_equal(checked.returncode, 1, f"--check of {list(options)}")
        said += [checked.stdout + checked.stderr, admin.text("POST", "/v1/reload")[1], admin.text("GET", "/v1/status")[1]]
        write_config(gate, good)
    return said


def ask_everything(gate, admin):
    paths = ["/v1/version", "/v1/status", "/v1/sessions", "/v1/credentials", "/v1/keys", "/v1/keys/secret/stale"]
    answers = [admin.text("GET", path)[1] for path in paths]
    for words in (["status"], ["keys"], ["credentials"], ["sessions"]):
        done = run_program("--socket", gate.directory / "admin.sock", *words, program=os.environ["GATEHOUSECTL"])
        answers.append(done.stdout + done.stderr)
    return answers


def main():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    settings = {"admin": {"socket": "admin.sock", "audit": "audit.log"}}
    options = {"private_key": "file:keys/upss.pem"}
    with Backend(echo=True) as backend:
        gate = UpssGate(backend, options=options, settings=settings)
        write_secret(gate.directory / "keys" / "upss.pem", pem)
        with gate:
            admin = admin_of(gate)
            keys, said = provoke(gate)
            body = b"".join(pem.splitlines()[1:-1]).decode()
            answers = said + ask_everything(gate, admin) + break_settings(gate, admin, body) + ask_everything(gate, admin)
            metrics = gate.get("/metrics")[1]
            gate.terminate()
            gate.wait_exit()
            raw = [base64.urlsafe_b64decode(one) for one in keys]
            halves = [half for one in raw for half in (one[:16], one[16:])]
            everything = [*numbers_of(key), *keys, *raw, *halves, TEXT.encode(), SECOND.encode()]
            for answer in answers:
                check_clean("an answer", answer, everything)
            check_clean("the metrics", metrics, everything)
            check_clean("the log", gate.log(), everything)
            check_clean("the audit file", (gate.directory / "audit.log").read_text(), everything)
            check_clean("the records", str(backend.select(lambda r: r["type"] != "data")), everything)


run(main)
