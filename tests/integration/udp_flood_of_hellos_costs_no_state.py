"""With `cookies: always`, a flood of HELLOs leaves nothing behind: no handshakes, no memory, no answers worth forging.

Thousands of HELLOs come from hundreds of addresses, some with guessed cookies. No handshake is begun or fails, the
process does not grow, the answers are together no larger than the HELLOs, and a device gets in at once.
"""

import os

from support.backend import Backend
from support.daemon import UDP, Gatehouse, free_means_free
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet
from support.hostile import expect_alive
from support.stranger import Crowd, any_hello

ADDRESSES, WARM_UP, ROUNDS = 250, 10, 30
GROWTH = 1536 * 1024  # 200 bytes for each HELLO: less than the smallest state
HANDSHAKES = "gatehouse_handshakes_total"
OF_NO_CONCERN = {"limited", "malformed"}


def handshakes(gate):
    samples = gate.metrics()[HANDSHAKES]
    counts = {dict(labels)["result"]: count for labels, count in samples.items()}
    return {result: count for result, count in counts.items() if result not in OF_NO_CONCERN}


def main():
    free_means_free()
    settings = {"cookies": "always"}
    with Backend(echo=True) as backend, Gatehouse(backend, fleet(1), usmp=settings, listener=UDP) as gate:
        with Crowd(gate.port, ADDRESSES) as crowd:
            crowd.say_hello(WARM_UP)
            before, resident = handshakes(gate), gate.resident_bytes()
            crowd.say_hello(ROUNDS)
            for stranger in crowd.strangers:
                stranger.send(any_hello(cookie=os.urandom(16)))
            device = gate.connect_datagram(ONE)
            expect_alive(device)
            grown = gate.resident_bytes() - resident
            expect(grown < GROWTH, f"the process has grown by {grown} bytes")
            expect_equal(handshakes(gate), {**before, "ok": 1}, "handshakes")
            answers, hellos = crowd.received(), crowd.sent()
            expect(answers, "strangers are answered")
            size, sent = sum(map(len, answers)), sum(map(len, hellos))
            expect(size <= sent, f"{size} bytes of answers to {sent} bytes of HELLOs")
            largest = max(sum(map(len, s.received)) / sum(map(len, s.sent)) for s in crowd.strangers)
            expect(largest <= 1, f"one address got {largest:.2f} times what it sent")


run(main)
