"""A device that never showed that it can REKEY gets BYE when its session has used up `usmp.frame_budget`.

With a budget of 64 frames, devices of releases 0.5, 1.0 and 1.2 exchange messages until the gateway says BYE, which
it does at the 64th frame and not before; the close record says `age`, and the next session works.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import fleet

BUDGET = 64


def main():
    listener = {"usmp": {"frame_budget": BUDGET}}
    devices = fleet(3)
    with Backend(echo=True) as backend, Gatehouse(backend, devices, listener=listener) as gate:
        for name, generation in zip(devices, ("D1", "D2", "D3")):
            device = gate.connect(name, generation)
            session = backend.opened(name)["session"]
            for number in range(BUDGET - 1):
                device.send(b"%d" % number)
                expect_equal(device.recv(), b"%d" % number, f"echo {number}")
            device.send(b"the last one")
            device.expect_bye()
            expect_equal(backend.closed(session)["reason"], "age", "reason of the close record")
            expect_equal(backend.data(name)[-1], b"the last one", "last message at the backend")
            again = gate.connect(name, generation)
            again.send(b"fresh")
            expect_equal(again.recv(), b"fresh", "echo in the next session")


run(main)
