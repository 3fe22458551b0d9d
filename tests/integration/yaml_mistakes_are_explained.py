"""`--check` says of a file that is no YAML what a person would: where the mistake is, and what would be right.

The same in a configuration and in a credential file, whose content is never quoted.
"""

from support.check import CONFIG, CREDENTIALS, check
from support.expect import expect, expect_equal, run

SECRET = "00112233445566778899aabbccddeeff"
# What is changed in the configuration, the text of the line that is named, the column there, and what is said
CONFIG_CASES = [
    (("    protocol: usmp", "\tprotocol: usmp"), "\tprotocol", 1, "a tab cannot indent: use spaces"),
    (("  - name: fleet", "\t- name: fleet"), "\t- name", 1, "a tab cannot indent: use spaces"),
    (("    credentials: fleet", "  \t credentials: fleet"), "  \t cred", 3, "a tab cannot indent: use spaces"),
    (("    transport: tcp", "      transport: tcp"), "      transport", 7, "indented more than its neighbours"),
    (("    transport: tcp", "   transport: tcp"), "   transport", 4, "indentation"),
    (("version: 1\n", "version: 1\n  workers: 1\n"), "  workers", 3, "indented more than its neighbours"),
    (("version: 1\n", "version:1\n"), "version:1", 8, "a space must follow the colon"),
    (("version: 1\n", "version 1\n"), "version 1", 1, "a colon is missing"),
    (("listeners:\n", "listeners\n"), "listeners", 1, "a colon is missing"),
    (("protocol: usmp", "protocol:usmp"), "protocol:usmp", 13, "a space must follow the colon"),
    (("protocol: usmp", "protocol usmp"), "protocol usmp", 5, "a colon is missing"),
    (("name: fleet\n", "name: a: b\n"), "name: a: b", 12, "quotation marks"),
    (('bind: "127.0.0.1:0"\n    cred', 'bind: "127.0.0.1:0\n    cred'), "    bind", 11, "closing one is missing"),
    (('bind: "127.0.0.1:0"\n    cred', "bind: '127.0.0.1:0\n    cred"), "    bind", 11, "never closed"),
    (('metrics: {bind: "127.0.0.1:0"}', 'metrics: {bind: "127.0.0.1:0"'), "metrics", 10, "bracket"),
    (('metrics: {bind: "127.0.0.1:0"}', 'metrics: {bind: "127.0.0.1:0"}}'), "metrics", 31, "bracket"),
    (("{socket: admin.sock}", "{socket: admin.sock"), "admin", 8, "this bracket is never closed"),
    (("{file: fleet.yaml}", "{file: fleet.yaml, file: b.yaml}"), "  fleet", None, "duplicate key"),
    (("name: fleet\n", "name: @fleet\n"), "name: @", 11, "needs quotation marks"),
    (("name: fleet\n", "name: *fleet\n"), "name: *", 11, "aliases"),
    (("name: fleet\n", "name: &fleet x\n"), "name: &", 11, "anchors"),
    (("name: fleet\n", "name: %fleet\n"), "name: %", 11, "needs quotation marks"),
    (('"127.0.0.1:0"\n    cred', '"127.0.0.1:0\\q"\n    cred'), "bind", None, "backslash"),
    (("listeners:\n  - name", "listeners: - name"), "listeners: - ", 12, "on a line of its own"),
    (("credentials:\n  fleet", "  - x\ncredentials:\n  fleet"), "  - x", None, ""),
    (("backends:\n", "- x\nbackends:\n"), "- x", 1, "an item of a list stands where a key is expected"),
]
CREDENTIAL_CASES = [
    (('      - {id', '\t- {id'), "\t- {id", 1, "a tab cannot indent"),
    (('"}\n', "}\n"), "      - {id", 26, "this quotation mark is never closed"),
    (('"}\n', '"\n'), "      - {id", 9, "this bracket is never closed"),
    (('  "02:00:00:00:00:01"', "  *"), "  *", None, "quotation marks"),
    (("    psk:\n", "    psk\n"), "    psk", 5, "a colon is missing"),
    (("k1, secret", "k1 secret"), "      - {id", None, ""),
]


def check_case(what, text, case, result):
    (old, new), named, column, words = case
    name = f"{what} with {new!r} for {old!r}"
    expect_equal(result.code, 1, f"exit status of {name}: {result.output}")
    line = text[: text.index(named)].count("\n") + 1
    said = [c for c in result.complaints if c.line == line and words in c.text]
    expect(said, f"{name}: line {line} and {words!r}: {result.output}")
    if column is not None:
        expect_equal(said[0].column, column, f"the column of {name}: {result.output}")
    expect(SECRET not in result.output, f"no secret is quoted: {result.output}")


def main():
    for case in CONFIG_CASES:
        expect(case[0][0] in CONFIG, f"{case[0][0]!r} is there")
        text = CONFIG.replace(*case[0], 1)
        check_case("a configuration", text, case, check(text))
    for case in CREDENTIAL_CASES:
        expect(case[0][0] in CREDENTIALS, f"{case[0][0]!r} is there")
        text = CREDENTIALS.replace(*case[0], 1)
        check_case("a credential file", text, case, check(credentials=text))


run(main)
