"""Each log line that is lost is counted once, whatever the reason, and what can be written again says how many are missing.

Standard error is a pipe whose reader goes away and comes back; then a device that is always full; then one that is read-only. The
daemon goes on in all of them.
"""

import json
import os
import select
import time

from support.admin import admin_of
from support.backend import Backend
from support.expect import eventually, expect, expect_equal, run
from support.fleet import ONE, fleet
from support.own_start import OwnStart

LOST = "gatehouse_log_lines_dropped_total"
COMMANDS = 7


def read_some(descriptor, during=0.2):
    text = b""
    while select.select([descriptor], [], [], during)[0]:
        more = os.read(descriptor, 65536)
        if not more:
            break
        text += more
    return text


def settled(gate):
    """The number of lost lines, when it does not change any more."""
    last, since = gate.metric(LOST), time.monotonic()
    while time.monotonic() - since < 0.5:
        now = gate.metric(LOST)
        if now != last:
            last, since = now, time.monotonic()
    return last


def commands(gate):
    for _ in range(COMMANDS):
        admin_of(gate).change("PUT", "/v1/log-level", {"level": "info"})


def events_of(text):
    return [json.loads(line) for line in text.decode().splitlines()]


def check_gone_reader(backend):
    gate = OwnStart(backend, fleet(1))
    fifo = gate.directory / "log.fifo"
    os.mkfifo(fifo)
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    gate.errors = os.open(fifo, os.O_WRONLY)
    with gate:
        os.close(gate.errors)
        gate.errors = None
        backend.wait_connections(1)
        eventually(lambda: b"started" in read_some(reading), "its first lines")
        expect_equal(settled(gate), 0, "lost lines while somebody reads")
        os.close(reading)
        commands(gate)
        eventually(lambda: gate.metric(LOST) >= COMMANDS, "lost lines are counted")
        expect_equal(settled(gate), COMMANDS, "lost lines, each once")
        gate.connect(ONE).ping()
        lost = settled(gate)
        expect(lost > COMMANDS, "the line of the session is lost too")
        reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        commands(gate)
        came = b""

        def whole():
            nonlocal came
            came += read_some(reading)
            return came.count(b'"event":"audit"') == COMMANDS

        eventually(whole, "the lines after it")
        gate.connect(ONE).ping()
        came += eventually(lambda: read_some(reading), "the line of a session")
        found = events_of(came)
        told = {one["event"]: one["lines"] for one in found if "lines lost" in one["event"]}
        expect_equal(told, {"audit lines lost": COMMANDS, "log lines lost": lost - COMMANDS}, "what is missing")
        expect_equal(found[0]["event"], "audit lines lost", "it stands in front")
        expect_equal(settled(gate), lost, "nothing more was lost")
        os.close(reading)


def check_device(backend, path, flags):
    gate = OwnStart(backend, fleet(1))
    gate.errors = os.open(path, flags)
    with gate:
        os.close(gate.errors)
        gate.errors = None
        before = settled(gate)
        expect(before > 0, "its first lines are lost")
        commands(gate)
        eventually(lambda: gate.metric(LOST) >= before + COMMANDS, "lost lines are counted")
        expect_equal(settled(gate), before + COMMANDS, "lost lines, each once")
        expect_equal(gate.metric("gatehouse_audit_lines_dropped_total"), COMMANDS, "of them of the audit log")
        gate.connect(ONE).ping()


def main():
    with Backend(echo=True) as backend:
        check_gone_reader(backend)
        check_device(backend, "/dev/full", os.O_WRONLY)
        check_device(backend, "/dev/null", os.O_RDONLY)


run(main)
