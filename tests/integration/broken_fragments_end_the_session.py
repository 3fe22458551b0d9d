"""What the protocol forbids around fragments ends the session, and no part of the message reaches the backend.

In C, D1, D2 and D3: a PING between fragments, and a fourth DATA_FRAG without its DATA; in D3 a REKEY between
fragments; in A and B, which have no fragments, any DATA_FRAG.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import Gatehouse, device_entry
from support.expect import expect_equal, run
from support.fleet import ALL_GENERATIONS, fleet
from support.hostile import expect_session_dies


def fragment(device):
    return device.channel.seal(wire.DATA_FRAG, bytes(device.generation.max_plaintext))


def ping_between(device):
    device.send_raw(fragment(device) + device.channel.seal(wire.PING) + device.channel.seal(wire.DATA, b"end"))


def rekey_between(device):
    device.send_raw(fragment(device) + device.channel.start_rekey())


def four_fragments(device):
    device.send_raw(b"".join(fragment(device) for _ in range(4)))


def any_fragment(device):
    device.send_raw(fragment(device) + device.channel.seal(wire.DATA, b"end"))


def main():
    cases = [(name, spoil) for name in ("C", "D1", "D2", "D3") for spoil in (ping_between, four_fragments)]
    cases += [("D3", rekey_between), ("A", any_fragment), ("B", any_fragment)]
    keys = fleet(len(cases))
    devices = {name: device_entry(key) for name, key in keys.items()}
    list(devices.values())[-1]["session_id_bytes"] = 16
    with Backend() as backend, Gatehouse(backend, devices, usmp=ALL_GENERATIONS) as gate:
        for device_id, (name, spoil) in zip(devices, cases):
            device = gate.connect(device_id, name)
            device.send(b"whole")
            backend.wait_data(device_id, 1)
            expect_session_dies(gate, backend, device, spoil)
            expect_equal(backend.data(device_id), [b"whole"], f"generation {name}, {spoil.__name__}: messages")


run(main)
