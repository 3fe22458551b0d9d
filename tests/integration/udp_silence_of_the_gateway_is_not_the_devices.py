"""A short `idle_timeout` does not end a UDP session while the gateway itself keeps its device waiting.

A message for the device is repeated with growing pauses, and nothing else is said meanwhile: when the repetition
arrives that the device takes, its session is still there, although the time-out has passed. A device that takes none
is given one message's time (12 s), and then it is idle. A device whose message is not taken over by the backend waits
too, and repeats it; its session stays. `--check` warns of such a time-out at its line, and calls the file good.
"""

import time

from support.backend import Backend
from support.daemon import UDP, Gatehouse, run_program
from support.expect import expect, expect_equal, run
from support.fleet import ONE, THREE, TWO, fleet
from support.usmp_wire import DATA

LIMIT = 2.0
LISTENER = {**UDP, "idle_timeout": "2s"}
GIVEN_UP = 12.0


def takes_late(gate, backend, device_id):
    """Only the fifth transmission arrives: more than three seconds after the first."""
    device = gate.connect_datagram(device_id)
    device.ping()
    begun = time.monotonic()
    device.acknowledges = lambda kind: kind != DATA or time.monotonic() - begun > 1.2 * LIMIT
    backend.send({"type": "data", "session": backend.opened(device_id)["session"], "payload": b"are you there?"})
    expect_equal(device.recv(), b"are you there?", "the message")
    expect(time.monotonic() - begun > LIMIT, "the time-out has passed")
    device.ping()
    device.bye()
    expect_equal(backend.closed(backend.opened(device_id)["session"])["reason"], "bye", "reason")


def takes_nothing(gate, backend, device_id):
    device = gate.connect_datagram(device_id)
    device.ping()
    begun = time.monotonic()
    device.acknowledges = lambda kind: kind != DATA
    session = backend.opened(device_id)["session"]
    for number in range(3):
        backend.send({"type": "data", "session": session, "payload": b"%d" % number})

    def is_over():
        return bool(backend.select(type="close", session=session))

    while not is_over() and time.monotonic() - begun < 2 * GIVEN_UP:
        device.pump(timeout=0.05)
    lasted = time.monotonic() - begun
    expect(0.9 * GIVEN_UP < lasted < 1.6 * GIVEN_UP, f"one message is given its time: {lasted:.1f} s")
    expect_equal(backend.closed(session)["reason"], "idle", "reason")
    lost = backend.select(type="undelivered", session=session)
    expect_equal([record["seq"] for record in lost], [1, 2, 3], "what was not delivered")


def waits_for_the_backend(gate, backend, device_id):
    """The backend does not acknowledge: the device repeats its message all the time."""
    device = gate.connect_datagram(device_id)
    device.ping()
    begun = time.monotonic()
    raw = device.channel.seal(DATA, b"take your time")
    while time.monotonic() - begun < 2 * LIMIT:
        expect(not device.is_acknowledged(raw, 0.5), "nobody has taken the message over")
    record = backend.wait_for(1, type="data", device=device_id)[0]
    expect_equal(backend.select(type="close", device=device_id), [], "close records")
    backend.ack(record["session"], record["seq"])
    device.deliver(raw)
    device.ping()
    device.bye()


def check_warns(gate):
    result = run_program("--config", gate.config_file, "--check")
    lines = gate.config_file.read_text().splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if "idle_timeout" in text)
    expect_equal(result.returncode, 0, f"exit status; it said {result.stderr}")
    warning = next((text for text in result.stderr.splitlines() if "idle_timeout" in text), None)
    expect(warning and "warning" in warning and f"line {line}" in warning, f"the warning: {result.stderr}")


def main():
    with Backend() as backend, Gatehouse(backend, fleet(2), listener=LISTENER) as gate:
        check_warns(gate)
        gate.wait_log("idle timeout is short")
        takes_late(gate, backend, ONE)
        takes_nothing(gate, backend, TWO)
    options = {"acknowledge": True}
    with Backend(ack="manual") as backend:
        with Gatehouse(backend, fleet(3), listener=LISTENER, backend_options=options) as gate:
            waits_for_the_backend(gate, backend, THREE)


run(main)
