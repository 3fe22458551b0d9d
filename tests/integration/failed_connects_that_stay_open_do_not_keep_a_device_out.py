"""A 0.2 or 0.3 device gets in at its second try, although the socket of the first one stays open.

The gateway cannot know which session id the device expects, and the device that was told the wrong one does not hang
up: its program wraps the connect in a time-out and tries again. A new handshake of the device while its session before
has not sent a frame is evidence enough. So it is for a 0.3 device that nobody knows, again and again, and for a device
id that moves from 0.3 back to 0.2. What the device refused is no session to the backend; a device that only listens
becomes one when it has stayed for a while. On one worker and between several.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, expect_raises, run
from support.fleet import ALL_GENERATIONS, fleet
from support.hostile import expect_alive
from support.usmp_wire import Violation

DEVICES = 12


def fail_and_stay(gate, device_id, generation):
    """The device dislikes SESSION_OK; its socket stays open until the end of the test."""
    device = gate.device(device_id, generation).open()
    device.send_hello()
    device.read_challenge()
    device.send_hello_ack()
    error = expect_raises(Violation, device.read_session_ok)
    expect("bytes instead of" in str(error), f"the device refuses the length, not: {error}")
    return device


def get_in(gate, device_id, generation):
    device = gate.connect(device_id, generation)
    expect_alive(device)
    return device


def expect_sessions(backend, device_id, count):
    """So many sessions at the backend, and all of them have spoken."""
    opened = [record["session"] for record in backend.select(type="open", device=device_id)]
    spoke = {record["session"] for record in backend.select(type="data", device=device_id)}
    expect_equal((len(opened), set(opened)), (count, spoke), f"sessions of {device_id}")


def comes_as_0_3_and_goes_back(gate, backend, device_id):
    stuck = [fail_and_stay(gate, device_id, "B")]
    for nth in (1, 2):
        get_in(gate, device_id, "B").bye()
        backend.closed(backend.opened(device_id, nth)["session"])
    expect_sessions(backend, device_id, 2)
    stuck.append(fail_and_stay(gate, device_id, "A"))
    for _ in range(2):
        get_in(gate, device_id, "A").bye()
    return stuck


def one_that_only_listens(gate, backend, device_id):
    """It is a session to the backend as well, when it has stayed for a while."""
    device = gate.connect(device_id, "A")
    session = backend.opened(device_id)["session"]
    backend.send({"type": "data", "session": session, "payload": b"are you there?"})
    expect_equal(device.recv(), b"are you there?", "message for a device that has not spoken")


def main():
    for workers in (1, 3):
        devices = fleet(DEVICES)
        *coming, listening = devices
        with Backend(echo=True) as backend, Gatehouse(backend, devices, usmp=ALL_GENERATIONS, workers=workers) as gate:
            for device_id in coming:
                comes_as_0_3_and_goes_back(gate, backend, device_id)
            one_that_only_listens(gate, backend, listening)


run(main)
