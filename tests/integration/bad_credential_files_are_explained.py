"""`--check` refuses a credential file that is broken, empty, or readable by others, and says what is wrong.

Empty files and files without `version` are broken, not empty fleets. Bad device ids, secrets of unknown kinds, secrets
that do not decode or are too short, unknown and duplicate keys, missing key files and bad times are reported with the
credential file's name, line and column. Group- and world-readable files are refused, also those named by `file:`.
"""

from support.check import CREDENTIALS, check
from support.expect import expect, expect_equal, run

SECRET = 'secret: "hex:00112233445566778899aabbccddeeff"'
DEVICE = '"02:00:00:00:00:01":\n'


def with_secret(text):
    return CREDENTIALS.replace("hex:00112233445566778899aabbccddeeff", text)


def with_master(fields):
    return CREDENTIALS + "derived:\n  - {" + fields + "}\n"


RANGE = '"02:00:00:00:00:00/24"'
MASTER = f'id: m1, master: "text:a master key of 32 bytes or more", devices: {RANGE}'

# the file, what is wrong in it, and words that the complaint must have
CASES = [
    (CREDENTIALS + "colour: blue\n", "colour: blue", ["unknown key"]),
    (CREDENTIALS.replace("    psk:", "    colour: blue\n    psk:"), "colour: blue", ["unknown key"]),
    (CREDENTIALS.replace("{id: k1,", "{id: k1, colour: blue,"), "colour: blue", ["unknown key"]),
    (CREDENTIALS.replace("version: 1", "version: 9"), "version: 9", ["1"]),
    (CREDENTIALS.replace(DEVICE, "boiler:\n"), "boiler:", ["device"]),
    (CREDENTIALS.replace(DEVICE, '"02:00:00:00:00:0g":\n'), '"02:00:00:00:00:0g":', ["device"]),
    (CREDENTIALS.replace(DEVICE, '"02:00:00:00:01":\n'), '"02:00:00:00:01":', ["device"]),
    (CREDENTIALS + CREDENTIALS[CREDENTIALS.index('  "02') :], None, ["02:00:00:00:00:01"]),
    (CREDENTIALS.replace("hex:00", "hexa:00"), "secret", ["hex:"]),
    (CREDENTIALS.replace("hex:00", "00"), "secret", ["hex:"]),
    (CREDENTIALS.replace("hex:00", "hex:0g"), "secret", ["hex"]),
    (CREDENTIALS.replace("hex:00", "hex:0"), "secret", ["hex"]),
    (with_secret("base64:not@base64"), "secret", ["base64"]),
    (with_secret("hex:00112233445566778899aabbccddee"), "secret", ["16"]),
    (with_secret("file:missing.key"), "secret", ["missing.key"]),
    (with_secret("hex:"), "secret", []),
    (CREDENTIALS.replace("{id: k1, ", "{"), None, ["id"]),
    (CREDENTIALS.replace(", " + SECRET, ""), None, ["secret"]),
    (CREDENTIALS.replace(SECRET, SECRET + ", not_after: tomorrow"), "not_after: tomorrow", ["not_after"]),
    (CREDENTIALS.replace(SECRET, SECRET + ', not_after: "2026-13-01T00:00:00Z"'), "not_after", ["not_after"]),
    (CREDENTIALS.replace("    psk:", "    weak: perhaps\n    psk:"), "weak: perhaps", ["accept"]),
    (CREDENTIALS.replace("    psk:", "    enabled: maybe\n    psk:"), "enabled: maybe", ["true"]),
    (with_master("colour: blue, " + MASTER), "colour: blue", ["unknown key"]),
    (with_master(MASTER.replace("id: m1, ", "")), None, ["id"]),
    (with_master(MASTER.replace(RANGE, '"02:00:00:00:00:00"')), "{id: m1", ["/24"]),
    (with_master(MASTER.replace(RANGE, '"02:00:00:00:00:01/24"')), "{id: m1", ["02:00:00:00:00:00/24"]),
    (with_master(MASTER.replace(RANGE, '"02:00:00:00:00:00/49"')), "{id: m1", ["48"]),
    (with_master(MASTER.replace("text:a master key of 32 bytes or more", "text:too short")), "{id: m1", ["32"]),
    (with_master(MASTER.replace("text:a master", "file:a master")), "{id: m1", ["cannot be read"]),
    (CREDENTIALS + "derived: {}\n", "derived: {}", ["list"]),
    (CREDENTIALS + "derived: []\n", "derived: []", ["at least one"]),
    (CREDENTIALS.replace("    psk:", "    session_id_bytes: 5\n    psk:"), "session_id_bytes: 5", ["4", "16"]),
]


def check_case(text, wrong, words):
    result = check(credentials=text)
    what = f"{wrong!r} in\n{text}"
    expect_equal(result.code, 1, f"exit code of --check with {what}; it said {result.output!r}")
    complaints = [c for c in result.complaints if c.file == "fleet.yaml"]
    expect(complaints, f"a complaint about the credential file with {what}; it said:\n{result.output}")
    if wrong is not None:
        line = text[: text.index(wrong)].count("\n") + 1
        complaints = [c for c in complaints if c.line == line]
        expect(complaints, f"a complaint in line {line} about {what}; it said:\n{result.output}")
    for word in words:
        expect(word in complaints[0].text, f"the complaint about {what} has {word!r}: {complaints[0].text}")


def check_broken_files():
    for text in ("", "\n\n", "# a comment\n", "devices: {}\n", "version: 1\n", "- version\n", "devices: [\n"):
        result = check(credentials=text)
        expect_equal(result.code, 1, f"exit code with the credential file {text!r}; it said {result.output!r}")
        expect("fleet.yaml" in result.output, f"the file is named for {text!r}: {result.output}")
    missing = check(credentials=None)
    expect_equal(missing.code, 1, "exit code without the credential file")
    expect("fleet.yaml" in missing.output, f"the missing file is named: {missing.output}")


def check_permissions():
    for mode in (0o640, 0o604, 0o644, 0o660):
        result = check(mode=mode)
        expect_equal(result.code, 1, f"exit code with mode {mode:o}")
        expect("fleet.yaml" in result.output and "600" in result.output, f"mode {mode:o}: {result.output}")
    expect_equal(check(mode=0o400).code, 0, "exit code with mode 400")


def main():
    for text, wrong, words in CASES:
        check_case(text, wrong, words)
    check_broken_files()
    check_permissions()


run(main)
