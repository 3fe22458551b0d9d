"""A device that sends a burst past `usmp.frame_budget` loses nothing of what the gateway read: it is told BYE after it.

With a budget of 100 frames, 200 messages in one write arrive at the backend, all of them, and the close record says
`age`. Nothing counts as a rejected frame.
"""

from support.backend import Backend, payload_of
from support.daemon import Gatehouse
from support.expect import expect_equal, run
from support.fleet import ONE, fleet

MESSAGES = 200


def main():
    listener = {"usmp": {"frame_budget": 100}}
    with Backend() as backend, Gatehouse(backend, fleet(1), listener=listener) as gate:
        device = gate.connect(ONE)
        session = backend.opened(ONE)["session"]
        device.send_raw(b"".join(b"".join(device.channel.seal_message(b"%d" % n)) for n in range(MESSAGES)))
        device.expect_bye()
        expect_equal(backend.closed(session)["reason"], "age", "reason of the close record")
        numbers = [int(payload_of(record)) for record in backend.select(type="data", device=ONE)]
        expect_equal(numbers, list(range(MESSAGES)), "numbers of the messages")
        gate.wait_rejected("malformed", 0)


run(main)
