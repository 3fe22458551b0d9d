"""A key file holds raw bytes or one line with a prefix, for every program; what it was taken for is said.

A file that `gatehousectl` makes can be named by the next command: the key of a device for `file:`, `credential:`,
`--secret-file` and `gatehouse-sim --psk`, a key pair for `private:`, `keygen --public` and `--key`, the key of a store.
What can be read but not be meant (digits without a prefix, a PEM, a line of text) is refused with what to write, by
`--check`, the start, `gatehousectl` and the simulator.
"""

import base64
import os
import pathlib
import tempfile

from support.backend import Backend
from support.check import CONFIG, check
from support.daemon import Gatehouse, run_program, write_secret
from support.expect import expect, expect_equal, run
from support.fake_admin import FakeAdmin
from support.fleet import device_name, key_for

CTL, SIM = os.environ["GATEHOUSECTL"], os.environ["GATEHOUSE_SIM"]
KEY = key_for("a device")
FORMS = {
    "raw": KEY,
    "hex": b"hex:" + KEY.hex().encode() + b"\n",
    "base64": b"base64:" + base64.b64encode(KEY) + b"\r\n",
}
SAID = {"raw": "32 raw bytes", "hex": "32 bytes written behind hex:", "base64": "32 bytes written behind base64:"}
PEM = b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n"
# What cannot be meant, and what is said about it where 32 bytes are wanted, and where any number is
WRONG = [
    (KEY.hex().encode() + b"\n", "write hex: in front", "write hex: in front"),
    (KEY.hex().encode(), "write hex: in front", "write hex: in front"),
    (base64.b64encode(KEY) + b"\n", "write base64: in front", "write base64: in front"),
    (PEM, "PEM", "PEM"),
    (b"correct horse battery staple\n", "32 raw bytes", "write text: in front"),
    (b"hex:" + KEY.hex().encode() + b"\nhex:" + KEY.hex().encode() + b"\n", "several lines", "several lines"),
    (KEY + b"\n", "line feed", None),
    (b"hex:" + KEY.hex()[2:].encode() + b"\n", "31 bytes", None),
]
PSK_FILE = 'version: 1\ndevices:\n  "02:00:00:00:00:01": {psk: [{id: k1, secret: "file:one.key"}]}\n'
KEYED_FILE = 'version: 1\ngateway_keys: [{id: g1, private: "file:one.key"}]\ndevices: {}\n'
SPP = CONFIG.replace("protocol: usmp", "protocol: spp")
STORE = CONFIG.replace("{file: fleet.yaml}", '{store: "sqlite:fleet.db", store_key: "file:one.key"}')


def check_refusals():
    for content, of_32, of_any in WRONG:
        for config, credentials, words in ((CONFIG, PSK_FILE, of_any), (SPP, KEYED_FILE, of_32), (STORE, None, of_32)):
            result = check(config, credentials, files={"one.key": content})
            if words is None and config is STORE:
                continue  # there is no store that could be opened
            if words is None:
                expect_equal(result.code, 0, f"--check with {content!r}: {result.output}")
                continue
            expect_equal(result.code, 1, f"--check with {content!r}: {result.output}")
            expect(
                any("one.key" in c.text and words in c.text for c in result.complaints),
                f"--check with {content!r} says {words!r}: {result.output}",
            )
            expect(KEY.hex()[2:] not in result.output, "no key is printed")


def check_what_it_was_taken_for():
    for form, content in FORMS.items():
        for config, credentials in ((CONFIG, PSK_FILE), (SPP, KEYED_FILE)):
            result = check(config, credentials, files={"one.key": content})
            expect_equal(result.code, 0, f"--check with a {form} key: {result.output}")
            expect(f"one.key: {SAID[form]}\n" in result.output, f"it says what {form} is: {result.output}")
    printable = check(CONFIG, PSK_FILE, files={"one.key": b"sixteen letters!"})
    expect_equal(printable.code, 0, f"--check of a text without its prefix: {printable.output}")
    expect("warning:" in printable.output and "text:" in printable.output, f"it is warned about: {printable.output}")


def ctl(admin, *words):
    done = admin.run(*words)
    expect_equal(done.returncode, 0, f"gatehousectl {words}: {done.stderr}")
    return done


def check_ctl():
    answers = {("POST", "/v1/devices"): {"done": True, "device": "d1", "key": {"id": "k1"}}}
    with FakeAdmin(answers) as admin:
        file = admin.directory / "one.key"
        public = set()
        for form, content in FORMS.items():
            write_secret(file, content)
            done = ctl(admin, "device", "add", "d1", "--secret-file", file)
            expect_equal(admin.requests[-1].document()["key"]["secret"], "hex:" + KEY.hex(), f"the key in {form}")
            expect(SAID[form] in done.stderr, f"it says what {form} is: {done.stderr}")
            public.add(ctl(admin, "keygen", "x25519", "--public", file).stdout)
        expect_equal(len(public), 1, f"public halves of one key: {public}")
        asked = len(admin.requests)
        for content, of_32, of_any in WRONG:
            write_secret(file, content)
            refused = admin.run("keygen", "ed25519", "--public", file)
            expect_equal(refused.returncode, 1, f"exit status with {content!r}")
            expect(of_32 in refused.stderr, f"{content!r}: {refused.stderr}")
            if of_any:
                refused = admin.run("device", "add", "d1", "--secret-file", file)
                expect_equal(refused.returncode, 1, f"exit status with {content!r}")
                expect(of_any in refused.stderr, f"{content!r}: {refused.stderr}")
        expect_equal(len(admin.requests), asked, "nothing was asked with them")


def send(gate, device, key):
    words = ["send", "--connect", f"127.0.0.1:{gate.port}", "--device", device, "--psk", key, "--message", "hello"]
    return run_program(*words, "--expect-reply", program=SIM)


def check_end_to_end():
    """One file, named by the credential file and by the device's command."""
    devices = {device_name(n): {"psk": [{"id": "k", "secret": f"file:{form}.key"}]} for n, form in enumerate(FORMS, 1)}
    by_service = device_name(9)
    devices[by_service] = {"psk": [{"id": "k", "secret": "credential:service"}]}
    with tempfile.TemporaryDirectory(prefix="gatehouse-credentials-") as folder, Backend(echo=True) as backend:
        os.environ["CREDENTIALS_DIRECTORY"] = folder
        service = pathlib.Path(folder) / "service"
        write_secret(service, FORMS["hex"])
        gate = Gatehouse(backend, devices)
        keys = gate.credential_file.parent
        for form, content in FORMS.items():
            write_secret(keys / f"{form}.key", content)
        with gate:
            for number, form in enumerate(FORMS, 1):
                done = send(gate, device_name(number), f"file:{keys / (form + '.key')}")
                expect_equal(done.returncode, 0, f"a device with the key in {form}: {done.stderr}")
                expect(SAID[form] in done.stderr, f"the simulator says what {form} is: {done.stderr}")
            expect_equal(send(gate, by_service, f"file:{service}").returncode, 0, "a device with a service's key")
            expect_equal(send(gate, by_service, f"file:{keys / 'raw.key'}").returncode, 0, "the same key in another form")
            write_secret(keys / "wrong.key", KEY.hex() + "\n")
            wrong = send(gate, by_service, f"file:{keys / 'wrong.key'}")
            expect_equal(wrong.returncode, 2, "exit status with digits alone")
            expect("write hex: in front" in wrong.stderr, f"it says what to write: {wrong.stderr}")
            read = gate.wait_log_record("key files read")
            expect_equal((read["raw"], read["hex"], read["base64"]), (1, 2, 1), "what the log says they were taken for")


def main():
    check_refusals()
    check_what_it_was_taken_for()
    check_ctl()
    check_end_to_end()


run(main)
