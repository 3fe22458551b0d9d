"""`--check` says yes to every good configuration, without binding anything.

The minimal configuration, one with every key of the contract, an empty fleet (`devices: {}`), every kind of secret, and
a configuration whose port is in use: exit code 0 each. Then the daemon starts with an empty fleet.
"""

import socket

from support.backend import Backend
from support.check import CONFIG, CREDENTIALS, check
from support.daemon import Gatehouse, credential_text
from support.expect import expect, expect_equal, run
from support.fleet import ONE, key_for

EVERY_KEY = """\
version: 1
workers: auto
listeners:
  - name: fleet
    protocol: usmp
    transport: tcp
    bind: "[::]:0"
    credentials: fleet
    backend: telemetry
    handshake_timeout: 500ms
    idle_timeout: 5m
    max_session_age: 24h
    limits: {sessions: 100000, sessions_per_address: 0, handshakes_per_second: 0}
    usmp:
      generations: ["2", "1-bound", "1"]
      cipher: aes-256-gcm
      cookies: auto
  - {name: second, protocol: usmp, transport: tcp, bind: "127.0.0.1:0", credentials: fleet, backend: other}
credentials:
  fleet:
    file: fleet.yaml
backends:
  telemetry:
    socket: /run/telemetry/gatehouse.sock
    format: ndjson
    payload: base64
    acknowledge: false
    queue_limit: 1MiB
  other: {socket: other.sock, format: ndjson, payload: text, acknowledge: true}
metrics: {bind: "127.0.0.1:9464"}
admin:
  socket: admin.sock
  mode: "0660"
  group: ""
  audit: audit.log
  read_only: {socket: monitor.sock, mode: "666", group: daemon}
log: {level: info, format: text}
shutdown_timeout: 30s
state_directory: state
"""

EVERY_SECRET = """\
version: 1
devices:
  "02:00:00:00:00:01":
    name: boiler-17
    psk:
      - {id: "2026-11", secret: "hex:00112233445566778899AABBccddeeff"}
      - {id: "2026-05", secret: "base64:ABEiM0RVZneImaq7zN3u/w==", not_after: "2026-12-01T00:00:00Z"}
      - {id: "text", secret: "text:sixteen letters!", not_before: "2026-01-01T00:00:00Z"}
      - {id: "file", secret: "file:raw.key"}
  "02:00:00:00:00:02": {weak: accept, psk: [{id: k, secret: "text:short"}]}
  "02:00:00:00:00:03": {session_id_bytes: 16, psk: [{id: k, secret: "text:0123456789abcdef"}]}
  "02:00:00:00:00:04": {enabled: false, psk: [{id: k, secret: "text:0123456789abcdef"}]}
  "02:00:00:00:00:05": {revoked: true}
  "*": {psk: [{id: k, secret: "text:0123456789abcdef"}]}
derived:
  - {id: m2, master: "file:raw.key", devices: "02:01:00:00:00:00/16", not_before: "2026-01-01T00:00:00Z"}
  - {id: m1, master: "text:a master key of 32 bytes or more", devices: "02:01:00:00:00:00/24"}
"""


def expect_good(what, *arguments, **named):
    result = check(*arguments, **named)
    expect_equal((result.code, result.complaints), (0, []), f"{what}; it said {result.output!r}")
    return result


def main():
    expect_good("the minimal configuration")
    expect_good("every key", EVERY_KEY)
    result = expect_good("every kind of secret", credentials=EVERY_SECRET, files={"raw.key": key_for("raw")})
    expect("sixteen letters" not in result.output, "no secret is printed")
    only = CREDENTIALS[: CREDENTIALS.index("devices:")] + EVERY_SECRET[EVERY_SECRET.index("derived:") :]
    expect_good("masters without a list", credentials=only, files={"raw.key": key_for("raw")})
    expect_good("an empty fleet", credentials="version: 1\ndevices: {}\n")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f'"127.0.0.1:{taken.getsockname()[1]}"'
        expect_good("a port in use", CONFIG.replace('"127.0.0.1:0"', bind, 1), CREDENTIALS)

    with Backend() as backend, Gatehouse(backend, credentials=credential_text({})) as gate:
        expect(gate.device(ONE, psk=key_for("any")).is_refused(), "nobody gets into an empty fleet")
        gate.wait_handshakes("unknown_device", 1)


run(main)
