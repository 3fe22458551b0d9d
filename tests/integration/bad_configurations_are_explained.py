"""`--check` refuses a configuration that is wrong anywhere, and says where and what would be right.

Unknown and duplicate keys, wrong types and values, dangling references and missing keys, one at a time: exit code 1, a
complaint as FILE:LINE:COL at the offending key or value, with words that help. Several errors at once are all reported.
The daemon itself refuses to start with such a file.
"""

import pathlib
import tempfile

from support.check import CONFIG, CREDENTIALS, check
from support.daemon import run_program, write_secret
from support.expect import expect, expect_equal, run

LISTENER = "    backend: telemetry\n"
BACKEND = "  telemetry: {socket: backend.sock}"
USMP = LISTENER + "    usmp: {%s}\n"


def add_to_listener(text):
    return LISTENER, f"{LISTENER}    {text}\n"


def add_to_admin(text):
    return "admin: {socket: admin.sock}", f"admin: {{socket: admin.sock, {text}}}"


# what is changed in the good configuration, what is wrong in it, and words that the complaint must have
CASES = [
    (("version: 1\n", "version: 1\ncolour: blue\n"), "colour: blue", ["colour"]),
    (add_to_listener("colour: blue"), "colour: blue", ["colour"]),
    ((LISTENER, USMP % "colours: blue"), "colours: blue", ["colours"]),
    ((BACKEND, "  telemetry: {socket: backend.sock, colour: blue}"), "colour: blue", ["colour"]),
    (add_to_listener("protocol: usmp  # again"), "protocol: usmp  # again", ["protocol"]),
    (("admin: {", "version: 1 # again\nadmin: {"), "version: 1 # again", ["version"]),
    (("version: 1\n", "version: 2\n"), "version: 2", ["1"]),
    (("version: 1\n", "version: one\n"), "version: one", ["1"]),
    (("version: 1\n", "version: 1\nworkers: many\n"), "workers: many", ["auto"]),
    (("version: 1\n", "version: 1\nworkers: -1\n"), "workers: -1", ["workers"]),
    (("version: 1\n", "version: 1\nstate_directory: [a]\n"), "state_directory: [a]", ["path"]),
    (("version: 1\n", "version: 1\nstate_directory: \"\"\n"), 'state_directory: ""', ["path"]),
    (add_to_admin("colour: blue"), "colour: blue", ["colour"]),
    (add_to_admin("mode: rw"), "mode: rw", ["0660"]),
    (add_to_admin('mode: "0888"'), 'mode: "0888"', ["octal"]),
    (add_to_admin('mode: "1777"'), 'mode: "1777"', ["octal"]),
    (add_to_admin("read_only: {mode: \"0600\"}"), "{mode: \"0600\"}", ["socket"]),
    (add_to_admin("read_only: {socket: admin.sock}"), "{socket: admin.sock}}", ["socket of its own"]),
    (("version: 1\n", "version: 1\nlog: loud\n"), "log: loud", ["log"]),
    (("version: 1\n", "version: 1\nlog: {level: loud}\n"), "level: loud", ["info"]),
    (("version: 1\n", "version: 1\nlog: {format: xml}\n"), "format: xml", ["json"]),
    (("protocol: usmp", "protocol: mqtt"), "protocol: mqtt", ["mqtt", "usmp"]),
    (("transport: tcp", "transport: smoke"), "transport: smoke", ["smoke", "tcp"]),
    (('bind: "127.0.0.1:0"\n    cred', 'bind: "127.0.0.1"\n    cred'), 'bind: "127.0.0.1"', ["port"]),
    (('bind: "127.0.0.1:0"\n    cred', 'bind: "127.0.0.1:99999"\n    cred'), 'bind: "127.0.0.1:99999"', ["port"]),
    (('bind: "127.0.0.1:0"\n    cred', "bind: [1]\n    cred"), "bind: [1]", ["bind"]),
    (("    backend: telemetry", "    backend: telemetri"), "backend: telemetri", ["telemetri"]),
    (("    credentials: fleet", "    credentials: flet"), "credentials: flet", ["flet"]),
    (add_to_listener("handshake_timeout: soon"), "handshake_timeout: soon", ["10s"]),
    (add_to_listener("idle_timeout: 5 parsecs"), "idle_timeout: 5 parsecs", ["idle_timeout"]),
    (add_to_listener("limits: {sessions: lots}"), "sessions: lots", ["sessions"]),
    (add_to_listener("limits: {sessions: -5}"), "sessions: -5", ["sessions"]),
    (add_to_listener("limits: {sessions_per_device: one}"), "sessions_per_device: one", ["whole number"]),
    (add_to_listener("limits: {messages_per_second: 5/s}"), "messages_per_second: 5/s", ["whole number"]),
    (add_to_listener("limits: {bytes_per_second: fast}"), "bytes_per_second: fast", ["64KiB"]),
    (add_to_listener("limits: {half_records: 1KiB}"), "half_records: 1KiB", ["262144"]),
    (add_to_listener("limits: {half_records: 1000000}"), "half_records: 1000000", ["KiB"]),
    ((LISTENER, USMP % 'generations: ["3"]'), '"3"', ["1-bound"]),
    ((LISTENER, USMP % "generations: all"), "generations: all", ["generations"]),
    ((LISTENER, USMP % "cipher: rot13"), "cipher: rot13", ["aes-256-gcm"]),
    (add_to_listener("spp: {trial_keys: 5}"), "spp: {trial_keys: 5}", ["protocol: spp"]),
    (("protocol: usmp\n    transport: tcp", "protocol: spp\n    transport: udp"), "transport: udp", ["TCP"]),
    (("protocol: usmp", "protocol: pssst"), "transport: tcp", ["UDP"]),
    (("protocol: usmp", "protocol: pssst\n    pssst: {once: {requests: 0}}"), "requests: 0", ["requests", "1000000000"]),
    (("protocol: usmp", "protocol: pssst\n    pssst: {once: {request: 5}}"), "request: 5", ["request"]),
    ((BACKEND, "  telemetry: {socket: backend.sock, format: xml}"), "format: xml", ["ndjson"]),
    ((BACKEND, "  telemetry: {socket: backend.sock, payload: hex}"), "payload: hex", ["base64"]),
    ((BACKEND, "  telemetry: {socket: backend.sock, acknowledge: maybe}"), "acknowledge: maybe", ["acknowledge"]),
    ((BACKEND, "  telemetry: {socket: backend.sock, queue_limit: much}"), "queue_limit: much", ["queue_limit"]),
    ((BACKEND, "  telemetry: {format: ndjson}"), "telemetry: {format: ndjson}", ["socket"]),
    (("    bind: \"127.0.0.1:0\"\n    cred", "    cred"), "name: fleet", ["bind"]),
    (("listeners:\n", "listeners:\n  - nonsense\n"), "nonsense", ["listener"]),
]


def positions(text, wrong):
    """Where the complaint may point: at the key or at its value."""
    before = text[: text.index(wrong)]
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    value = wrong.find(": ") + 2 if ": " in wrong else 0
    return {(line, column), (line, column + value)}


def check_case(change, wrong, words):
    old, new = change
    expect(CONFIG.count(old) == 1, f"the change {old!r} fits the good configuration")
    text = CONFIG.replace(old, new)
    result = check(text)
    expect_equal(result.code, 1, f"exit code of --check with {wrong!r}; it said {result.output!r}")
    allowed = positions(text, wrong)
    fitting = [c for c in result.complaints if (c.line, c.column) in allowed and c.file == "gatehouse.yaml"]
    expect(fitting, f"a complaint about {wrong!r} at one of {sorted(allowed)}; it said:\n{result.output}")
    for word in words:
        expect(word in fitting[0].text, f"the complaint about {wrong!r} has the word {word!r}: {fitting[0].text}")


def check_several_at_once():
    text = CONFIG.replace("version: 1\n", "version: 1\ncolour: blue\nworkers: many\n")
    text = text.replace("    backend: telemetry\n", "    backend: telemetri\n    idle_timeout: soon\n")
    text = text.replace(BACKEND, "  telemetry: {socket: backend.sock, format: xml}")
    result = check(text)
    expect_equal(result.code, 1, "exit code with several errors")
    lines = {complaint.line for complaint in result.complaints}
    for wrong in ("colour: blue", "workers: many", "backend: telemetri", "idle_timeout: soon", "format: xml"):
        (line,) = {line for line, _ in positions(text, wrong)}
        expect(line in lines, f"{wrong!r} in line {line} is among the complaints:\n{result.output}")


def check_files_that_are_none():
    for text in ("", "# nothing\n", "- a\n", "listeners: [\n", "version: 1\n\tworkers: 1\n", "just words\n"):
        result = check(text)
        expect_equal(result.code, 1, f"exit code with the file {text!r}")
        expect("gatehouse.yaml" in result.output, f"the file is named for {text!r}: {result.output!r}")


def check_duplicate_listener():
    listeners = CONFIG[CONFIG.index("  - name") : CONFIG.index("credentials:\n  fleet")]
    result = check(CONFIG.replace(listeners, listeners + listeners))
    expect_equal(result.code, 1, "exit code with two listeners of one name")
    expect("fleet" in result.output, f"the name is in the complaint: {result.output}")


def check_daemon_does_not_start():
    with tempfile.TemporaryDirectory(prefix="gatehouse-check-") as directory:
        folder = pathlib.Path(directory)
        (folder / "gatehouse.yaml").write_text(CONFIG + "colour: blue\n")
        write_secret(folder / "fleet.yaml", CREDENTIALS)
        result = run_program("--config", folder / "gatehouse.yaml")
    expect(result.returncode > 0, f"the daemon started with a bad configuration: {result.returncode}")
    expect("colour" in result.stdout + result.stderr, "the daemon says why it does not start")


def main():
    for change, wrong, words in CASES:
        check_case(change, wrong, words)
    check_several_at_once()
    check_files_that_are_none()
    check_duplicate_listener()
    check_daemon_does_not_start()


run(main)
