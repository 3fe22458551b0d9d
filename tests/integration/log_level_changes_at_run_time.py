"""The log level changes without a restart: by PUT /v1/log-level, and by a reload of a configuration that says another.

What the level says is in force at once: at `error` a session leaves no line, at `info` it does. A reload that does not
change `log` leaves the level as an operator set it.
"""

from support.admin import admin_of
from support.backend import Backend
from support.changes import write_config
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import ONE, fleet


def session_lines(gate, backend, nth):
    """Lines of a session, once it is over."""
    before = len(gate.log_records("session opened"))
    gate.connect(ONE).bye()
    session = backend.opened(ONE, nth)["session"]
    backend.closed(session)
    return before, session


def check_silent(gate, backend, admin, nth, level):
    expect_equal(admin.get("/v1/log-level"), {"level": level}, "the level")
    before, _ = session_lines(gate, backend, nth)
    admin.change("PUT", "/v1/log-level", {"level": "info"})
    gate.wait_log_record("audit", what="set log-level")
    _, session = session_lines(gate, backend, nth + 1)
    gate.wait_log_record("session opened", session=session)
    expect_equal(len(gate.log_records("session opened")), before + 1, f"lines at {level} and at info")


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1)) as gate:
        admin = admin_of(gate)
        expect_equal(admin.get("/v1/log-level"), {"level": "debug"}, "the level of the configuration")
        expect_equal(admin.change("PUT", "/v1/log-level", {"level": "error"}), {"done": True}, "the answer")
        check_silent(gate, backend, admin, 1, "error")

        for level in ("loud", "", None):
            admin.refused("PUT", "/v1/log-level", 400, "bad_request", {"level": level})
        admin.refused("PUT", "/v1/log-level", 400, "bad_request", {})
        expect_equal(admin.get("/v1/log-level"), {"level": "info"}, "the level after refusals")

        gate.config["log"] = {"level": "error", "format": "json"}
        write_config(gate)
        expect_equal(admin.post("/v1/reload")["changes"], ["log changed"], "changes")
        check_silent(gate, backend, admin, 3, "error")
        expect_equal(admin.post("/v1/reload")["changes"], [], "changes of a reload without any")
        expect_equal(admin.get("/v1/log-level"), {"level": "info"}, "what was set stays")


run(main)
