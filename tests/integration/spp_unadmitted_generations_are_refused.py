"""A generation that the listener does not name is refused at its first record, and the log says which setting would do.

rs-d is off unless named, because its records have no numbers: whoever names it is warned.
"""

from support.backend import Backend
from support.expect import expect, expect_equal, run
from support.spp_gate import SppGate


def main():
    with Backend(echo=True) as backend, SppGate(backend, spp={"generations": ["0.2"]}) as gate:
        for nth, generation in enumerate(("0.1", "rs-d")):
            expect(gate.device("meter-1", generation).is_refused(), f"{generation} is refused")
            gate.wait_handshakes("unsupported", nth + 1)
        expect(gate.refusals('would have to name "0.1"'), "the log names the setting")
        expect_equal(gate.connect().recv(), b"first", "0.2 gets in")
        expect_equal(len(backend.select(type="open")), 1, "sessions that were opened")

    with Backend(echo=True) as backend, SppGate(backend, spp={"generations": ["rs-d"]}) as gate:
        gate.wait_log("unsafe generation admitted.*rs-d")
        expect_equal(gate.metric("gatehouse_unsafe_generations", listener="fleet", generation="rs-d"), 1, "the warning")
        expect_equal(gate.connect("meter-1", "rs-d").recv(), b"first", "rs-d gets in where it is named")
        expect_equal(backend.opened("meter-1")["generation"], "rs-d", "the generation")
        expect(gate.device().is_refused(), "0.2 is refused there")


run(main)
