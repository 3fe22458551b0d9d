"""The bash script is valid and completes commands, options and live values; the scripts name every command.

Without a daemon completion is silent.
"""

import subprocess

from support.expect import expect, expect_equal, run
from support.fake_admin import FakeAdmin, ctl_binary

DEVICES = ["02:00:00:00:00:01", "02:00:00:00:00:02", "06:00:00:00:00:01"]


def offered(admin, line):
    program = f"""
source {admin.directory}/script
COMP_LINE={line!r}
COMP_POINT=${{#COMP_LINE}}
_gatehousectl
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, timeout=20)
    expect_equal(done.stderr, "", f"errors for {line!r}")
    return done.stdout.split()


def main():
    answers = {
        ("GET", "/v1/devices"): {"devices": [{"device": d} for d in DEVICES]},
        ("GET", "/v1/keys"): {"keys": [{"id": "2026-05"}, {"id": "2026-11"}]},
    }
    with FakeAdmin(answers) as admin:
        for shell in ("bash", "zsh", "fish"):
            script = admin.run("completion", shell).stdout
            for word in ("status", "log-level", "rotate", "--secret-file" if shell != "fish" else "-l secret-file"):
                expect(word in script, f"{shell} knows {word}")
        script = admin.directory / "script"
        script.write_text(admin.run("completion", "bash").stdout)
        expect_equal(subprocess.run(["bash", "-n", script], timeout=20).returncode, 0, "bash -n")
        program = f"{ctl_binary()} --socket {admin.path}"

        expect_equal(offered(admin, f"{program} st"), ["status", "store"], "commands")
        expect_equal(offered(admin, f"{program} device re"), ["remove", "revoke"], "second words")
        expect_equal(offered(admin, f"{program} device rotate --o"), ["--overlap", "--out"], "options")
        expect_equal(offered(admin, f"{program} log-level "), ["debug", "info", "warn", "error"], "fixed values")
        expect_equal(offered(admin, f"{program} sessions --credential 2026-1"), ["2026-11"], "values of options")
        # Readline replaces what stands behind the last colon.
        expect_equal(offered(admin, f"{program} device show 02:"), ["00:00:00:00:01", "00:00:00:00:02"], "devices")
        expect_equal(offered(admin, f"{program} device show "), DEVICES, "all devices")
        admin.stop()
        expect_equal(offered(admin, f"{program} device show "), [], "without a daemon")


run(main)
