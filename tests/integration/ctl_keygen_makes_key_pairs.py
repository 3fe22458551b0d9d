"""`gatehousectl keygen` makes private files of 32 raw bytes that are never overwritten, and prints the public halves.

With `--format` both are written as other programs want them, raw or bare; a bare one
is no key file until its prefix stands in front of it.

An independent implementation finds the same public keys. No daemon is asked.
"""

import base64
import json
import os
import re

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from support.expect import expect, expect_equal, run
from support.fake_admin import FakeAdmin

TYPES = {"ed25519": Ed25519PrivateKey, "x25519": X25519PrivateKey}


def public_text(kind, private):
    made = TYPES[kind].from_private_bytes(private)
    return "hex:" + made.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def check_type(admin, kind):
    file = admin.directory / f"{kind}.key"
    made = admin.run("keygen", kind, "--out", file)
    expect_equal(made.returncode, 0, f"exit status: {made.stderr}")
    private = file.read_bytes()
    expect_equal(len(private), 32, "bytes of the private key")
    expect_equal(file.stat().st_mode & 0o777, 0o600, "mode of the file")
    expect_equal(made.stdout, public_text(kind, private) + "\n", "the public key")

    again = admin.run("keygen", kind, "--out", file)
    expect_equal(again.returncode, 1, "exit status for a file that exists")
    expect("not overwritten" in again.stderr, f"the reason: {again.stderr}")
    expect_equal(file.read_bytes(), private, "the key that was there")

    shown = admin.run("keygen", kind, "--public", file)
    expect_equal(shown.stdout, made.stdout, f"the public half of the file: {shown.stderr}")
    document = json.loads(admin.run("keygen", "--json", "--public", file, kind).stdout)
    expect_equal(
        document, {"type": kind, "public": public_text(kind, private), "file": str(file)}, "the document"
    )

    other = admin.directory / f"{kind}-2.key"
    admin.run("keygen", kind, "--out", other)
    expect(other.read_bytes() != private, "two keys are not the same")


def decoded(text, form):
    """One line with nothing but the key."""
    expect(text.endswith("\n") and text.count("\n") == 1 and ":" not in text, f"one bare line: {text!r}")
    return bytes.fromhex(text) if form == "hex" else base64.b64decode(text.strip(), validate=True)


def check_formats(admin, kind):
    for form in ("hex", "base64"):
        file = admin.directory / f"{kind}-{form}.key"
        made = admin.run("keygen", kind, "--out", file, "--format", form)
        expect_equal(made.returncode, 0, f"exit status of {form}: {made.stderr}")
        private = decoded(file.read_text(), form)
        expect_equal(len(private), 32, f"bytes of the private key in {form}")
        public = bytes.fromhex(public_text(kind, private).removeprefix("hex:"))
        expect_equal(decoded(made.stdout, form), public, f"the public key in {form}")
        refused = admin.run("keygen", kind, "--public", file)
        expect_equal(refused.returncode, 1, f"exit status of a bare key in {form}")
        expect(f"write {form}: in front" in refused.stderr, f"what makes it a key file: {refused.stderr}")
        file.write_text(f"{form}:{file.read_text()}")
        shown = admin.run("keygen", kind, "--public", file)
        expect_equal(shown.stdout, public_text(kind, private) + "\n", f"of a file in {form}: {shown.stderr}")
        expect_equal(admin.run("keygen", kind, "--public", file, "--format", form).stdout, made.stdout, "shown again")

    file = admin.directory / f"{kind}-raw.key"
    made = admin.run("keygen", kind, "--out", file, "--format", "raw")
    expect_equal(made.stdout, public_text(kind, file.read_bytes()) + "\n", "the public key beside a raw file")
    wrong = admin.run("keygen", kind, "--public", file, "--format", "pem")
    expect("raw, hex or base64" in wrong.stderr, f"another format: {wrong.stderr}")
    expect_equal(admin.run("--json", "keygen", kind, "--public", file, "--format", "raw").returncode, 2, "raw in JSON")


def check_pre_shared(admin):
    """One line `hex:...`, to a new private file or where `--out -` says; not into a pipe by accident."""
    file = admin.directory / "device.key"
    made = admin.run("keygen", "psk", "--out", file)
    expect_equal((made.returncode, made.stdout), (0, f"written to {file}\n"), f"what is said: {made.stderr}")
    expect(re.fullmatch(r"hex:[0-9a-f]{64}\n", file.read_text()), "what is in the file")
    expect_equal(file.stat().st_mode & 0o777, 0o600, "mode of the file")
    expect_equal(admin.run("keygen", "psk", "--out", file).returncode, 1, "exit status for a file that exists")
    lines = {admin.run("keygen", "psk", "--out", "-").stdout for _ in range(2)} | {file.read_text()}
    expect_equal(len(lines), 3, "no key is made twice")
    expect_equal(admin.run("keygen", "psk").returncode, 2, "exit status for a pipe")
    bare = admin.run("keygen", "psk", "--out", "-", "--format", "hex").stdout
    expect(re.fullmatch(r"[0-9a-f]{64}\n", bare), "a bare line")
    expect_equal(admin.run("keygen", "psk", "--public", file).returncode, 2, "exit status of a public half")
    document = json.loads(admin.run("--json", "keygen", "psk", "--out", "-").stdout)
    expect(document["type"] == "psk" and re.fullmatch(r"hex:[0-9a-f]{64}", document["secret"]), "the document")


def check_refusals(admin):
    for words in (("keygen",), ("keygen", "rsa", "--out", admin.directory / "rsa.key"), ("keygen", "x25519")):
        expect_equal(admin.run(*words).returncode, 2, f"exit status of {words}")
    expect(not (admin.directory / "rsa.key").exists(), "no key of an unknown type")
    file = admin.directory / "ed25519.key"
    both = admin.run("keygen", "ed25519", "--public", file, "--out", admin.directory / "both.key")
    expect_equal(both.returncode, 2, "exit status with both options")

    file.chmod(0o644)
    expect("chmod 600" in admin.run("keygen", "ed25519", "--public", file).stderr, "an open file is refused")
    short = admin.directory / "short.key"
    short.write_bytes(b"x" * 31)
    short.chmod(0o600)
    refused = admin.run("keygen", "x25519", "--public", short)
    expect_equal(refused.returncode, 1, "exit status for 31 bytes")
    expect("32 raw bytes" in refused.stderr and "31" in refused.stderr, f"the reason: {refused.stderr}")


def main():
    os.umask(0)
    with FakeAdmin() as admin:
        for kind in TYPES:
            check_type(admin, kind)
            check_formats(admin, kind)
        check_pre_shared(admin)
        check_refusals(admin)
        expect_equal(admin.requests, [], "nothing was asked")


run(main)
