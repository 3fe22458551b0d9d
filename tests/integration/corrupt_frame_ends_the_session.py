"""A frame that does not authenticate ends the session, counted as `decrypt`, and nothing of it reaches the backend.

In every generation, with right checksums: a changed tag, a changed ciphertext byte, a changed frame type (which only
the authenticated header protects) and a frame under somebody else's key. C and D frames with a nonce that does not
match their sequence number end it as well.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import Gatehouse, device_entry
from support.expect import expect_equal, run
from support.fleet import ALL_GENERATIONS, fleet
from support.hostile import expect_session_dies

NAMES = ("A", "B", "C", "D1", "D2", "D3")


def resent(device, kind, payload):
    seq = device.channel.tx_seq - 1
    device.send_raw(wire.build_frame(device.generation.version, kind, seq, payload))


def flip(data, at):
    changed = bytearray(data)
    changed[at] ^= 0x40
    return bytes(changed)


def changed_tag(device):
    resent(device, wire.DATA, flip(device.channel.seal(wire.DATA, b"forged")[12:], -1))


def changed_ciphertext(device):
    resent(device, wire.DATA, flip(device.channel.seal(wire.DATA, b"forged")[12:], -17))


def changed_type(device):
    resent(device, wire.DATA, device.channel.seal(wire.PING, b"forged")[12:])


def foreign_key(device):
    channel = device.channel
    foreign = wire.Channel(device.generation, device.session_id, bytes(32), bytes(32))
    device.send_raw(foreign.seal(wire.DATA, b"forged", seq=channel.tx_seq))


def foreign_nonce(device):
    """Sealed under the right key, but with the nonce of another sequence number."""
    channel = device.channel
    kind, seq, plaintext = wire.DATA, channel.tx_seq, b"forged"
    nonce = channel.counted_nonce(seq + 1)
    head = wire.build_frame(device.generation.version, kind, seq, b"", length=len(plaintext) + 28)[:10]
    sealed = channel.cipher(channel.tx_key).encrypt(nonce, plaintext, head)
    device.send_raw(wire.build_frame(device.generation.version, kind, seq, nonce + sealed))


def main():
    cases = [(name, spoil) for name in NAMES for spoil in (changed_tag, changed_ciphertext, changed_type, foreign_key)]
    strict = [(name, foreign_nonce) for name in ("C", "D1", "D2", "D3")]
    keys = fleet(len(cases) + len(strict) + 1)
    *hostile, honest = keys
    devices = {name: device_entry(key) for name, key in keys.items()}
    for device_id, (name, _) in zip(hostile, cases + strict):
        if name == "B":
            devices[device_id]["session_id_bytes"] = 16
    with Backend() as backend, Gatehouse(backend, devices, usmp=ALL_GENERATIONS) as gate:
        steady = gate.connect(honest)
        for device_id, (name, spoil) in zip(hostile, cases + strict):
            device = gate.connect(device_id, name)
            device.send(b"honest")
            backend.wait_data(device_id, 1)
            reason = None if spoil is foreign_nonce else "decrypt"
            expect_session_dies(gate, backend, device, spoil, reason)
            expect_equal(backend.data(device_id), [b"honest"], f"generation {name}: messages")
        steady.ping()


run(main)
