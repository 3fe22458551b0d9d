"""`--version` prints the version, that of OpenSSL and facts about the build, and exits with 0.

Other arguments that make no sense are refused with a message.
"""

import re

from support.daemon import run_program
from support.expect import expect, expect_equal, run


def main():
    result = run_program("--version")
    expect_equal(result.returncode, 0, "exit code of --version")
    expect(re.search(r"\d+\.\d+\.\d+", result.stdout), f"a version: {result.stdout!r}")
    expect("OpenSSL" in result.stdout, f"OpenSSL's version: {result.stdout!r}")

    for arguments in (["--no-such-option"], ["--config"], ["--config", "/nonexistent/gatehouse.yaml"], []):
        result = run_program(*arguments)
        expect(result.returncode not in (0, None) and result.returncode > 0, f"{arguments}: {result.returncode}")
        expect(result.stderr.strip(), f"{arguments}: nothing said")


run(main)
