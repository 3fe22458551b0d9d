"""Every counter of the contract exists with each value of its closed labels, at zero, before anything has happened.

So rates and alerts work from the first event on. Also checks the gauges, that each metric has HELP and TYPE, and that
no label carries a device, session or peer after a session.
"""

import re

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet

LISTENER = {"listener": "fleet", "protocol": "usmp"}
RESULTS = ("ok", "auth_failed", "unknown_device", "malformed", "timeout", "limited", "unsupported")
REJECTED = ("replay", "decrypt", "malformed", "sequence", "oversize")
REASONS = ("bye", "eof", "idle", "age", "revoked", "replaced", "protocol", "backend", "shutdown", "admin")
LIMITS = (
    "half_open", "handshakes", "handshakes_per_address", "handshakes_per_second", "hello_trials", "sessions",
    "sessions_per_address", "requests", "agreements", "gateway_key", "device_rate", "half_records", "backend", "descriptors",
)
DIRECTIONS = ("up", "down")

AT_ZERO = (
    [("gatehouse_handshakes_total", {**LISTENER, "result": result}) for result in RESULTS]
    + [("gatehouse_limited_total", {**LISTENER, "limit": limit}) for limit in LIMITS]
    + [("gatehouse_rejected_frames_total", {**LISTENER, "reason": reason}) for reason in REJECTED]
    + [("gatehouse_sessions_closed_total", {**LISTENER, "reason": reason}) for reason in REASONS]
    + [("gatehouse_messages_total", {**LISTENER, "direction": direction}) for direction in DIRECTIONS]
    + [("gatehouse_message_bytes_total", {**LISTENER, "direction": direction}) for direction in DIRECTIONS]
    + [
        ("gatehouse_log_lines_dropped_total", {}),
        ("gatehouse_audit_lines_dropped_total", {}),
        ("gatehouse_internal_failures_total", {}),
        ("gatehouse_sessions", LISTENER),
        ("gatehouse_session_lines_left_out_total", LISTENER),
        ("gatehouse_half_records_dropped_total", LISTENER),
        ("gatehouse_handshake_seconds_count", LISTENER),
        ("gatehouse_handshake_seconds_sum", LISTENER),
        ("gatehouse_handshake_seconds_bucket", {**LISTENER, "le": "+Inf"}),
        ("gatehouse_backend_queued_bytes", {"backend": "telemetry"}),
        ("gatehouse_backend_reconnects_total", {"backend": "telemetry"}),
    ]
    + [("gatehouse_credentials", {"credentials": "fleet", "state": s}) for s in ("expiring", "expired", "revoked")]
)
PRESENT = ["gatehouse_config_reloads_total", "gatehouse_config_generation", "gatehouse_credential_sessions"]


def check_text(text):
    typed = set(re.findall(r"^# TYPE (\S+) (?:counter|gauge|histogram)$", text, re.MULTILINE))
    helped = set(re.findall(r"^# HELP (\S+) \S", text, re.MULTILINE))
    named = {re.sub(r"_(bucket|sum|count)$", "", name) for name in re.findall(r"^(gatehouse_\w+)", text, re.MULTILINE)}
    expect_equal(sorted(named - typed), [], "metrics without TYPE")
    expect_equal(sorted(named - helped), [], "metrics without HELP")


def main():
    with Backend() as backend, Gatehouse(backend, fleet(3)) as gate:
        backend.wait_connections(1)
        gate.wait_metric("gatehouse_backend_connected", lambda n: n > 0, backend="telemetry")
        for name, labels in AT_ZERO:
            expect_equal(gate.metric(name, **labels), 0, f"{name} {labels}")
        for name in PRESENT:
            expect(gate.metric(name) is not None, f"{name} is missing")
        expect_equal(gate.metric("gatehouse_credentials", credentials="fleet", state="active"), 3, "active keys")
        (build,) = gate.metrics()["gatehouse_build_info"].items()
        expect_equal(({key for key, _ in build[0]}, build[1]), ({"version", "openssl"}, 1), "gatehouse_build_info")

        device = gate.connect(ONE)
        session, peer = backend.opened(ONE)["session"], device.local
        device.send(b"twelve bytes")
        backend.wait_data(ONE)
        backend.send_data(session, b"down")
        device.recv()
        for direction, size in (("up", 12), ("down", 4)):
            gate.wait_metric("gatehouse_messages_total", 1, listener="fleet", direction=direction)
            gate.wait_metric("gatehouse_message_bytes_total", size, listener="fleet", direction=direction)
        gate.wait_metric("gatehouse_handshake_seconds_count", 1, listener="fleet")
        gate.wait_metric("gatehouse_credential_sessions", 1, credentials="fleet", credential="k1")
        text = gate.get("/metrics")[1]
        check_text(text)
        for secretive in (ONE, session, peer):
            expect(secretive not in text, f"{secretive} in the metrics")


run(main)
