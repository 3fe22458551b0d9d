"""`state_directory` is made at start, closed to others; a directory in which others may write is refused.

`--check` says what a start would say, and makes nothing. Without the setting the first directory of `$STATE_DIRECTORY`
counts, which a service manager gives; a relative path is relative to the configuration file.
"""

import os
import pathlib
import stat
import tempfile

from support.check import CONFIG, CREDENTIALS
from support.daemon import Gatehouse, run_program, write_secret
from support.expect import expect, expect_equal, run


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def say(folder, setting, *options, environment=None):
    """What the daemon says to a `state_directory`: (exit code, output)."""
    text = CONFIG.replace("version: 1\n", f"version: 1\nstate_directory: {setting}\n") if setting else CONFIG
    (folder / "gatehouse.yaml").write_text(text)
    write_secret(folder / "fleet.yaml", CREDENTIALS)
    done = run_program("--config", folder / "gatehouse.yaml", *options, env=environment)
    return done.returncode, done.stdout + done.stderr


def make_bad_ones(folder):
    """{setting: words of the complaint}"""
    (folder / "open").mkdir()
    (folder / "open").chmod(0o777)
    (folder / "group").mkdir()
    (folder / "group").chmod(0o770)
    (folder / "file").write_text("")
    return {"open": "others may write", "group": "others may write", "file": "not a directory", "no/parent": "cannot be made"}


def refuses_bad_ones(folder):
    for setting, words in make_bad_ones(folder).items():
        for options in (["--check"], []):
            code, output = say(folder, setting, *options)
            expect_equal(code, 1, f"exit code for {setting} {options}; it said {output!r}")
            expect("state_directory" in output and words in output, f"{setting} {options}: {output!r}")


def check_makes_nothing(folder):
    code, output = say(folder, "kept", "--check")
    expect_equal(code, 0, f"a missing one passes the check; it said {output!r}")
    expect(not (folder / "kept").exists(), "the check has made the directory")
    environment = {**os.environ, "STATE_DIRECTORY": f"{folder}/open:{folder}/kept"}
    code, output = say(folder, None, "--check", environment=environment)
    expect(code == 1 and "open" in output, f"the service manager's first directory is judged: {code} {output!r}")


def main():
    with tempfile.TemporaryDirectory(prefix="gatehouse-state-") as directory:
        folder = pathlib.Path(directory)
        refuses_bad_ones(folder)
        check_makes_nothing(folder)
    with Gatehouse(settings={"state_directory": "kept"}) as gate:
        kept = gate.directory / "kept"
        expect(kept.is_dir(), "the directory was made")
        expect_equal(mode_of(kept), 0o700, "its mode")
        gate.terminate()
        expect_equal(gate.wait_exit(), 0, "exit code")
        for file in kept.iterdir():
            expect_equal(mode_of(file), 0o600, f"the mode of {file.name}")
        gate.start()


run(main)
