"""Packages arrive split anywhere, together, and with white space between them: each is taken once, in its turn. What the
gateway says comes as stock devices can read it, each package by one write and in answer to one of the device's.
"""

import base64

from support.backend import Backend
from support.expect import expect, expect_equal, run
from support.upss_device import SENTENCE, package, seal_key, unseal
from support.upss_gate import OK, UpssGate


def key_package(device):
    return package("/", "SEND", {"key": base64.b64encode(seal_key(device.public_pem, device.key)).decode()})


HELLO = package("/", "SEND", {"msg": "hello"})
CALL = package("/", "STATUS", {"status": "OK"}) + package("/", "STATUS", {"action": "call_handler"})


def shake_hands(gate, send):
    """With `send` for what the device says."""
    device = gate.upss_device()
    device.wire = gate.wire()
    send(device.wire, HELLO)
    device.public_pem = device.wire.take(1024)["data"]["public_key"]
    send(device.wire, key_package(device))
    expect_equal(unseal(device.key, device.wire.take(1024)["data"]["msg"]), SENTENCE, "the confirmation")
    return device


def check_split(gate):
    def in_pieces(wire, data):
        wire.send_slowly(b"\r\n \t" + data + b"\n")

    device = shake_hands(gate, in_pieces)
    in_pieces(device.wire, CALL)
    expect_equal(device.wire.take(1024)["data"], OK, "package 7")
    in_pieces(device.wire, package("/", "SEND", device.message("in pieces")))
    expect_equal(device.hear(), "in pieces", "the echo")


def check_joined(gate):
    device = shake_hands(gate, lambda wire, data: wire.send(data))
    device.wire.send(CALL)
    expect_equal(device.wire.take(1024)["data"], OK, "package 7")
    three = b"".join(package("/", "SEND", device.message(text)) for text in ("one", "two", "three"))
    device.wire.send(three)
    # Answers to packages that were sent at once may arrive at once, which no stock device asks for.
    heard = b""
    while heard.count(b'"msg"') < 3:
        heard += device.wire.socket.recv(65536)
    texts = [unseal(device.key, part.split(b'"', 1)[0]) for part in heard.split(b'{"msg": "')[1:]]
    expect_equal(texts, ["one", "two", "three"], "the echoes, in order")


def check_at_every_byte(gate):
    """The two packages that stock devices send together, cut in two at each place."""
    for at in range(1, len(CALL), 7):
        device = shake_hands(gate, lambda wire, data: wire.send(data))
        device.wire.send(CALL[:at])
        device.wire.send_slowly(CALL[at:], pieces=1, pause=0)
        expect_equal(device.wire.take(1024)["data"], OK, f"package 7, cut at {at}")
        device.close()


def check_everything_at_once(gate):
    """Packages 3 to 8 with one write: the answers come in order, though nobody waited for them."""
    device = gate.upss_device().begin()
    device.wire.send(key_package(device) + CALL + package("/", "SEND", device.message("impatient")))
    heard = b""
    while heard.count(b'"msg"') < 2:
        more = device.wire.socket.recv(65536)
        expect(more, f"the gateway closed behind {heard}")
        heard += more
    first, last = (part.split(b'"', 1)[0] for part in heard.split(b'{"msg": "')[1:])
    expect_equal((unseal(device.key, first), unseal(device.key, last)), (SENTENCE, "impatient"), "what was sealed")
    expect(heard.index(b'"status": "OK"') < heard.rindex(b'"msg"'), "package 7 between them")


def main():
    with Backend(echo=True) as backend, UpssGate(backend) as gate:
        check_split(gate)
        check_joined(gate)
        check_everything_at_once(gate)
        check_at_every_byte(gate)


run(main)
