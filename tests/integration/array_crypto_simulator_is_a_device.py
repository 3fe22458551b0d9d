"""`gatehouse-sim --protocol array-crypto` is a device of either profile: by prefix, by HTTP Basic, and many at once.

Texts arrive whole and come back; the last message has its answer before the device hangs up. What the gateway answers instead is said, exit 1:
404 for an unknown prefix, 401 for a wrong password. A device with another secret refuses the gateway's snapshots. `credentials` admits a fleet.
"""

import json
import os

from support.array_crypto_gate import V1, V2, ArrayCryptoGate, array_crypto_credentials, prefix_of, secret_of
from support.backend import Backend
from support.changes import reloading, replace
from support.daemon import run_program
from support.expect import expect, expect_equal, run
from support.fleet import key_for

SIM = os.environ["GATEHOUSE_SIM"]
DEVICES = 20
BASIC, PASSWORD = "sensor-3", "correct horse"
PROFILES = {V1: "v1", V2: "v2", BASIC: "v2"}
FLEET_SECRET = "hex:" + key_for("a fleet of array-crypto").hex()


def options(gate, secret, *more):
    return ["--protocol", "array-crypto", "--connect", f"127.0.0.1:{gate.port}", "--secret", "hex:" + secret.hex(), *more]


def send(gate, name, *more, secret=None, prefix=None):
    common = options(gate, secret or secret_of(name), "--generation", PROFILES[name], "--prefix", prefix or prefix_of(name))
    return run_program("send", *common, *more, program=SIM)


def expect_refused(result, *words):
    expect_equal(result.returncode, 1, f"exit status: {result.stderr}")
    for word in words:
        expect(word in result.stderr, f"it says {word!r}: {result.stderr}")


def one_device(gate, backend):
    basic = ["--user", BASIC, "--password", f"text:{PASSWORD}"]
    ways = [(V1, []), (V2, []), (BASIC, basic)]
    for name, way in ways:
        text = f"sent by {name}"
        result = send(gate, name, *way, "--message", text, "--count", "3", "--expect-reply")
        expect_equal(result.returncode, 0, f"exit status of {name}: {result.stderr}")
        expect_equal(result.stdout, f"{text}\n" * 3, "what came back")
        expect_equal(len(backend.wait_data(name, 3)), 3, "messages of one session")
        expect_equal({record["generation"] for record in backend.select(type="open", device=name)}, {PROFILES[name]}, "its profile")
    unread = send(gate, V2, "--message", "nobody waits for the answer", "--count", "2")
    expect_equal(unread.returncode, 0, f"exit status: {unread.stderr}")
    backend.wait_data(V2, 5)

    expect_refused(send(gate, V2, prefix="/dev/nobody"), "handshake", "404 Not Found")
    expect_refused(send(gate, BASIC, "--user", BASIC, "--password", "text:wrong horse"), "401 Unauthorized")
    expect_refused(send(gate, V2, secret=key_for("another")), "session", "wrong key")
    wrong = send(gate, V2, "--psk", "text:0123456789abcdef")
    expect_equal(wrong.returncode, 2, "exit status of an option for another protocol")
    expect("--psk is for --protocol usmp" in wrong.stderr, f"it says for which: {wrong.stderr}")


def fleet(gate, backend, profile):
    common = ["--protocol", "array-crypto", "--secret", FLEET_SECRET, "--generation", profile, "--prefix", f"/{profile}"]
    many = ["--devices", str(DEVICES)]
    printed = run_program("credentials", *common, *many, program=SIM)
    expect_equal(printed.returncode, 0, f"exit status: {printed.stderr}")
    with reloading(gate):
        replace(gate.credential_file, printed.stdout)
    before = backend.select(type="open")
    load = ["--connect", f"127.0.0.1:{gate.port}", "--message-rate", "5", "--duration", "2s", "--echo", "--json"]
    result = run_program("load", *common, *many, *load, program=SIM, timeout=50.0)
    expect_equal(result.returncode, 0, f"exit status: {result.stderr}")
    report = json.loads(result.stdout)
    expect_equal(report["generation"], profile, "the generation")
    expect_equal(report["echo"]["missing"], 0, "missing echoes")
    expect(report["messages"]["received"] >= DEVICES * 5, f"messages: {report['messages']}")
    opened = backend.select(type="open")[len(before):]
    expect_equal(sorted(record["device"] for record in opened), sorted(f"sim-{number}" for number in range(1, DEVICES + 1)),
                 "one session of each device")


def main():
    text = array_crypto_credentials(PROFILES, sensor_3={"password": f"text:{PASSWORD}"})
    with Backend(echo=True) as backend, ArrayCryptoGate(backend, PROFILES, credentials_text=text) as gate:
        one_device(gate, backend)
        for profile in ("v1", "v2"):
            fleet(gate, backend, profile)


run(main)
