"""Two daemons never share a port without a word: the second one says that it cannot bind, and ends with 1.
"""

import subprocess

from support.backend import Backend
from support.daemon import Gatehouse, binary
from support.expect import expect, expect_equal, run
from support.fleet import fleet


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1)) as gate:
        text = gate.config_file.read_text()
        second = gate.config_file.with_name("second.yaml")
        second.write_text("".join(line for line in text.splitlines(True) if not line.startswith("metrics")))
        result = subprocess.run(
            [binary(), "--config", second], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20
        )
        expect_equal(result.returncode, 1, f"exit status: {result.stderr}")
        expect("cannot bind" in result.stderr, f"it says why: {result.stderr}")
        expect(gate.is_running(), "the first one goes on")


run(main)
