"""A backend may name the device instead of the session while exactly one request of it is under way.

With several the command is refused with an error that says so, because a reply to the wrong one would be a wrong
reply. Anonymous requests have no device to name.
"""

from support.backend import Backend
from support.expect import eventually, expect, expect_equal, run
from support.pssst_gate import PssstGate


def refused(backend, device):
    known = len(backend.select(type="error", device=device))
    backend.send({"type": "data", "device": device, "payload": b"to whom?"})
    return backend.wait_for(known + 1, type="error", device=device)[-1]["error"]


def main():
    with Backend() as backend, PssstGate(backend, ["meter-4"], anonymous=True) as gate:
        client = gate.client("meter-4")
        request = client.send(b"one")
        backend.opened("meter-4")
        backend.send({"type": "data", "device": "meter-4", "payload": b"reply to one"})
        expect_equal(request.open(client.take()), b"reply to one", "the reply by device")

        both = [client.send(b"two"), client.send(b"three")]
        sessions = [backend.opened("meter-4", nth)["session"] for nth in (2, 3)]
        eventually(lambda: "several requests" in refused(backend, "meter-4"), "commands for either are refused")
        expect_equal(client.take(0.05), None, "a reply to whichever")
        for session in sessions:
            backend.send_data(session, b"by session")
        replies = {reply[4:36]: reply for reply in (client.take(), client.take())}
        for request in both:
            expect_equal(request.open(replies[request.dh]), b"by session", "the reply by session")
        eventually(lambda: refused(backend, "meter-4") == "unknown device", "nothing is under way")

        gate.client().send(b"four")
        backend.opened("anonymous")
        expect_equal(refused(backend, "anonymous"), "unknown device", "the error for a device that is nobody")
        expect(gate.is_running(), "the daemon goes on")


run(main)
