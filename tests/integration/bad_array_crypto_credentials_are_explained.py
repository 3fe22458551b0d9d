"""`--check` refuses a credential file or settings of array-crypto that are wrong, and says where and what would be right."""

import base64

from support.check import CONFIG, check
from support.expect import expect, expect_equal, run

GATE = CONFIG.replace("protocol: usmp", "protocol: array-crypto")
SECRET, OTHER = "hex:" + "a1" * 24, "hex:" + "b2" * 24
FILE = f"""\
version: 1
devices:
  sensor-1: {{profile: v1, secret: "{SECRET}", prefix: "/dev/sensor-1"}}
"""
DEFAULT = b"super_secret_key_for_hmac"
PLACE = "sensor-1: {"
MORE = FILE + f'  sensor-2: {{profile: v2, secret: "{OTHER}"'


def with_prefix(text):
    return FILE.replace("/dev/sensor-1", text)


# the file, what is wrong in it, and words that the complaint must have
CASES = [
    (FILE.replace("profile: v1, ", ""), PLACE, ["profile"]),
    (FILE.replace("v1", "v3"), PLACE, ["v1, v2"]),
    (FILE.replace(f'secret: "{SECRET}", ', ""), PLACE, ["secret"]),
    (FILE.replace(SECRET, "text:" + DEFAULT.decode()), PLACE, ["everybody", "openssl rand"]),
    (FILE.replace(SECRET, "base64:" + base64.b64encode(DEFAULT).decode()), PLACE, ["everybody"]),
    (FILE.replace(SECRET, "hex:" + DEFAULT.hex()), PLACE, ["everybody"]),
    (FILE.replace(SECRET, "text:" + base64.b64encode(DEFAULT).decode()), PLACE, ["everybody"]),
    (FILE.replace(SECRET, "text:short"), PLACE, ["5 bytes", "16"]),
    (FILE.replace(SECRET, "a1" * 24), PLACE, ["hex:"]),
    (MORE.replace(OTHER, SECRET) + "}\n", "sensor-2", ["line 3", "its own"]),
    (MORE + ', prefix: "/dev/sensor-1"}\n', "sensor-2", ["line 3", "password"]),
    (MORE + ', password: "text:short"}\n', "sensor-2", ["8 to 128"]),
    (MORE.replace("sensor-2", "sensor-1") + "}\n", f'sensor-1: {{profile: v2', ["line 3"]),
    (FILE.replace("sensor-1:", "sensor 1:"), "sensor 1", ["name"]),
    (FILE.replace("sensor-1:", '"a:b":'), '"a:b"', ["colons"]),
    (FILE.replace("sensor-1:", '"02:00:00:00:00:01":'), '"02:00', ["name"]),
    (FILE.replace("sensor-1:", '"*":'), '"*"', ["name"]),
    (FILE.replace('prefix: "/dev', 'psk: [], prefix: "/dev'), PLACE, ["usmp"]),
    (FILE.replace('prefix: "/dev', 'public: "hex:00", prefix: "/dev'), PLACE, ["spp"]),
    (FILE.replace('prefix: "/dev', 'colour: blue, prefix: "/dev'), PLACE, ["unknown key"]),
    (FILE.replace('prefix: "/dev', 'not_after: "soon", prefix: "/dev'), PLACE, ["not_after"]),
    (FILE.replace("devices:", "masters:"), None, ["devices"]),
    ("version: 1\ndevices:\n", "devices:", ["empty"]),
    *((with_prefix(bad), PLACE, ["/dev/sensor-1"]) for bad in (
        "dev", "/dev/", "//dev", "/dev//x", "/dev/../x", "/./x", "/a b", "/a%20b", "/a?b", "/a#b", "/ä", "/" + "x" * 200,
    )),
]

SETTINGS = [
    ("array-crypto: {message_limit: 1MiB}", ["message_limit", "64KiB"]),
    ("array-crypto: {reply_timeout: 0s}", ["reply_timeout"]),
    ("array-crypto: {answers: perhaps}", ["answers"]),
    ("array-crypto: {colour: blue}", ["unknown key"]),
    ("usmp: {generations: [\"2\"]}", ["protocol: usmp"]),
    ("transport: udp", ["tcp"]),
]


def check_file(text, wrong, words):
    result = check(config=GATE, credentials=text)
    what = f"{wrong!r} in\n{text}"
    expect_equal(result.code, 1, f"exit code of --check with {what}; it said {result.output!r}")
    complaints = [c for c in result.complaints if c.file == "fleet.yaml"]
    if wrong is not None:
        line = text[: text.rindex(wrong)].count("\n") + 1
        complaints = [c for c in complaints if c.line == line]
    expect(complaints, f"a complaint about {what}; it said:\n{result.output}")
    for word in words:
        expect(any(word in c.text for c in complaints), f"{word!r} about {what}: {complaints[0].text}")
    for secret in (SECRET[4:], OTHER[4:], DEFAULT.decode()):
        expect(secret not in result.output, f"a secret was shown: {result.output}")


def check_settings(line, words):
    config = GATE
    if line.startswith("transport"):
        config = GATE.replace("    transport: tcp", f"    {line}")
    else:
        config = GATE.replace("    credentials: fleet", f"    {line}\n    credentials: fleet")
    result = check(config=config, credentials=FILE)
    expect_equal(result.code, 1, f"--check with {line}: {result.output}")
    for word in words:
        expect(word in result.output, f"{word!r} about {line}: {result.output}")


def main():
    for case in CASES:
        check_file(*case)
    for case in SETTINGS:
        check_settings(*case)
    good = [
        FILE,
        with_prefix("/"),
        with_prefix("/a/b-c_d.e~f/9"),
        MORE + ', password: "text:eight bytes", prefix: "/dev/sensor-1"}\n',
        FILE.replace('secret: "' + SECRET + '"', "enabled: false"),
        "version: 1\ndevices: {}\n",
    ]
    for text in good:
        result = check(config=GATE, credentials=text)
        expect_equal(result.code, 0, f"--check of\n{text}\n{result.output}")
    other = check(config=CONFIG, credentials=FILE.replace("sensor-1:", '"02:00:00:00:00:01":'))
    expect("array-crypto" in other.output, f"whose fields they are: {other.output}")


run(main)
