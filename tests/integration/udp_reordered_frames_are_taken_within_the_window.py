"""D2 and D3 frames may come in another order: each of the last 64 sequence numbers is taken once, older ones never.

After frame 70, frame 7 is delivered (63 back) and frame 6 is not (64 back). Frame 7 again, and 70 again, are
acknowledged and not delivered. A jump far ahead is taken, and everything before its window is refused. Sequence
0xFFFFFFFF is refused.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import fleet

NAMES = ("D2", "D3")
FAR = 1_000_000


def check(gate, backend, device_id, name):
    device = gate.connect_datagram(device_id, name)

    def frame(seq):
        return device.channel.seal(wire.DATA, b"frame %d" % seq, seq=seq)

    def is_taken(seq, within=5.0):
        return device.is_acknowledged(frame(seq), within)

    delivered = [0, 2, 1, 70, 7, 69, 8, FAR, FAR - 63]
    refused = [0, 6, 71, FAR - 64, 0xFFFFFFFF]
    for seq in delivered[:7]:
        expect(is_taken(seq), f"{name}: frame {seq}")
    expect(not is_taken(6, 0.2), f"{name}: UTACK of frame 6, which is too old to be judged")
    for seq in (7, 70, 69):
        expect(is_taken(seq), f"{name}: UTACK of frame {seq} when it comes again")
    for seq in delivered[7:]:
        expect(is_taken(seq), f"{name}: frame {seq}")
    for seq in refused:
        expect(not is_taken(seq, 0.1), f"{name}: UTACK of frame {seq} after the jump")
    expect_equal(backend.settled_data(device_id), [b"frame %d" % seq for seq in delivered], f"{name}: messages")
    device.channel.tx_seq = FAR + 1
    device.ping()


def main():
    devices = fleet(len(NAMES))
    with Backend() as backend, Gatehouse(backend, devices, listener=UDP) as gate:
        for device_id, name in zip(devices, NAMES):
            check(gate, backend, device_id, name)
        gate.wait_rejected("replay", lambda count: count >= 7 * len(NAMES))
        gate.wait_metric("gatehouse_sessions", len(NAMES), listener="fleet")


run(main)
