"""A listener that names an unsafe generation is warned about once at the start and shown in a metric.

Three listeners: a safe one, one with "1-bound" and one with "1". The log has exactly one warning for each of the two
unsafe ones, and `gatehouse_unsafe_generations` is 1 for them and for nobody else.
"""

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import fleet

LISTENERS = [
    {"name": "fleet"},
    {"name": "bound", "usmp": {"generations": ["2", "1-bound"]}},
    {"name": "unbound", "usmp": {"generations": ["2", "1"]}},
]


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1), listeners=LISTENERS) as gate:
        gate.wait_log_record("unsafe generation admitted", listener="bound")
        gate.wait_log_record("unsafe generation admitted", listener="unbound")
        records = gate.log_records("unsafe generation admitted")
        expect_equal(sorted(r["listener"] for r in records), ["bound", "unbound"], "listeners warned about")
        expect_equal({r["level"] for r in records}, {"warn"}, "level of the warnings")
        samples = gate.metrics().get("gatehouse_unsafe_generations", {})
        raised = {(dict(key)["listener"], dict(key)["generation"]) for key, value in samples.items() if value == 1}
        expect_equal(raised, {("bound", "1-bound"), ("unbound", "1")}, "gatehouse_unsafe_generations")


run(main)
