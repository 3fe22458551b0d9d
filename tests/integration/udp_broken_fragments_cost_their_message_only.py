"""Over UDP a message whose fragments are interrupted is dropped whole; the session and the next message are not.

For C, D1, D2 and D3: a PING between the fragments; a fourth fragment without an end; and, where frames may be missing
(D2, D3), a device that gave up in the middle of a message and sends another one. The backend gets the whole messages
only, never a part or a mixture. A BYE between fragments ends the session as always.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import expect_equal, run
from support.fleet import fleet

NAMES = ("C", "D1", "D2", "D3")
ADMITTED = {"generations": ["2", "1-bound"]}
PART = bytes(452)


def check(gate, backend, device_id, name):
    device = gate.connect_datagram(device_id, name)
    channel = device.channel
    session = backend.opened(device_id)["session"]
    whole = bytes(range(250)) * 5

    device.deliver(channel.seal(wire.DATA_FRAG, PART))
    device.ping()
    device.send(b"after a PING")

    for _ in range(4):
        device.deliver(channel.seal(wire.DATA_FRAG, PART))
    device.ping()
    device.send(whole)

    wanted = [b"after a PING", whole]
    if device.generation.proves_acks:
        first, *given_up = channel.seal_message(PART + PART + b"end")
        device.deliver(first)
        channel.tx_seq -= len(given_up) - 1  # only the second one was tried
        device.send(b"after a gap")
        first, *given_up = channel.seal_message(PART + PART + b"end")
        device.deliver(first)
        device.send(whole)
        wanted += [b"after a gap", whole]
    device.deliver(channel.seal(wire.DATA_FRAG, PART))
    device.bye()
    expect_equal(backend.closed(session)["reason"], "bye", f"{name}: reason")
    expect_equal(backend.settled_data(device_id), wanted, f"{name}: messages")


def main():
    devices = fleet(len(NAMES))
    with Backend() as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP) as gate:
        for device_id, name in zip(devices, NAMES):
            check(gate, backend, device_id, name)


run(main)
