"""Runs `gatehoused --check` on hand-written files, and reads its complaints."""

import dataclasses
import pathlib
import re
import tempfile

from .daemon import run_program, write_secret

COMPLAINT = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):(?P<column>\d+): (?P<text>.+)$", re.MULTILINE)

CONFIG = """\
version: 1
listeners:
  - name: fleet
    protocol: usmp
    transport: tcp
    bind: "127.0.0.1:0"
    credentials: fleet
    backend: telemetry
credentials:
  fleet: {file: fleet.yaml}
backends:
  telemetry: {socket: backend.sock}
metrics: {bind: "127.0.0.1:0"}
admin: {socket: admin.sock}
"""

CREDENTIALS = """\
version: 1
devices:
  "02:00:00:00:00:01":
    psk:
      - {id: k1, secret: "hex:00112233445566778899aabbccddeeff"}
"""


@dataclasses.dataclass
class Complaint:
    file: str
    line: int
    column: int
    text: str


@dataclasses.dataclass
class Result:
    code: int
    output: str

    @property
    def complaints(self):
        found = COMPLAINT.finditer(self.output)
        return [
            Complaint(pathlib.Path(m["file"]).name, int(m["line"]), int(m["column"]), m["text"]) for m in found
        ]


def check(config=CONFIG, credentials=CREDENTIALS, mode=0o600, files=None):
    """`files` are further files {name: bytes}, written beside the configuration; credentials None leaves them out."""
    with tempfile.TemporaryDirectory(prefix="gatehouse-check-") as directory:
        folder = pathlib.Path(directory)
        (folder / "gatehouse.yaml").write_text(config)
        if credentials is not None:
            write_secret(folder / "fleet.yaml", credentials)
            (folder / "fleet.yaml").chmod(mode)
        for name, content in (files or {}).items():
            write_secret(folder / name, content)
        done = run_program("--check", "--config", folder / "gatehouse.yaml")
        return Result(done.returncode, done.stdout + done.stderr)
