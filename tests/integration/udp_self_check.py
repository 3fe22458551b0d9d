"""The UDP test device agrees with the recorded datagrams of every generation that has UDP.

Judges `support/usmp_datagram_device.py` against the vector files, without a daemon: HELLO, HELLO with cookie,
HELLO_ACK, UTACKs and session frames, byte for byte; and that the device takes and refuses what the real ones do. Also
that the relay does what it says. If this fails, no other result of the udp tests means anything.
"""

import json
import pathlib
import socket

from support import usmp_wire as wire
from support.datagram_relay import DatagramRelay
from support.expect import eventually, expect, expect_equal, expect_raises, run
from support.usmp_datagram_device import DatagramDevice, Undelivered
from support.usmp_device import Bye, TimedOut

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"
FILES = {
    "C": "usmp-C-0.4.7.json",
    "D1": "usmp-D1-0.5.x.json",
    "D2": "usmp-D2-1.0.x.json",
    "D3": "usmp-D3-1.2.x.json",
}
RECORDED_DEVICE = "00:1a:2b:3c:4d:5e"


class QuickClock:
    def timeout(self, transmission):
        return 0.02

    def sample(self, took):
        pass


class FakeGateway:
    """A socket that a device takes for its gateway."""

    def __init__(self, name, **options):
        self.name = name
        self.vector = json.loads((VECTORS / FILES[name]).read_text())
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(5.0)
        self.device = DatagramDevice(
            self.socket.getsockname()[1],
            RECORDED_DEVICE,
            self.given("psk"),
            name,
            private=wire.private_from(self.given("client_private")),
            clock=QuickClock(),
            timeout=0.1,
            **options,
        ).open()

    def given(self, what):
        return bytes.fromhex(self.vector["inputs"][what])

    def say(self, *datagrams):
        for raw in datagrams:
            self.socket.sendto(raw, self.device.socket.getsockname())

    def hear(self):
        return self.socket.recv(65536)

    def silence(self):
        self.socket.setblocking(False)
        try:
            heard = self.socket.recv(65536)
        except BlockingIOError:
            heard = None
        self.socket.settimeout(5.0)
        expect_equal(heard, None, f"{self.name}: nothing more from the device")

    def close(self):
        self.device.close()
        self.socket.close()

    def groups(self):
        """Each frame of the device with what follows it until the next one."""
        groups = []
        for entry in self.vector["udp"]:
            if entry["dir"] == "c2s" and "frame" in entry:
                groups.append([])
            groups[-1].append(entry)
        return groups

    def in_session(self):
        """The device has played the handshake, and this is the gateway's end of the session."""
        for group in self.groups():
            if group[0]["type"] >= wire.DATA:
                break
            self.play(group)
        to_server, to_client = self.device.keys
        return wire.Channel(self.device.generation, self.given("session_id"), to_client, to_server)

    def play(self, group):
        first, *rest = group
        self.say(*(raw_of(entry) for entry in rest if entry["dir"] == "s2c"))
        self.step(first)
        self.device.pump()
        for entry in [first, *(e for e in rest if e["dir"] == "c2s")]:
            expect_equal(self.hear().hex(), raw_of(entry).hex(), f"{self.name}: {what_is(entry)}")
        self.silence()

    def step(self, entry):
        kind, device = entry["type_name"], self.device
        if kind == "HELLO":
            device.send_hello(device.read_cookie() if device.asked_for_cookie else b"")
        elif kind == "HELLO_ACK":
            device.read_challenge()
            device.send_hello_ack()
            device.read_session_ok()
        elif kind == "REKEY":
            device.rekey(bytes.fromhex(entry["plaintext"]))
        else:
            device.deliver(device.channel.seal(entry["type"], bytes.fromhex(entry["plaintext"])))


def raw_of(entry):
    return bytes.fromhex(entry.get("frame") or entry["utack"])


def what_is(entry):
    if "frame" in entry:
        return f"{entry['type_name']} at sequence {entry['seq']}"
    return f"UTACK of type {entry['acks_type']} at sequence {entry['acks_seq']}"


def messages_to_device(entries):
    messages, partial = [], b""
    for entry in entries:
        if entry["dir"] == "s2c" and entry.get("type_name") in ("DATA", "DATA_FRAG"):
            partial += bytes.fromhex(entry["plaintext"])
            if entry["type_name"] == "DATA":
                messages.append(partial)
                partial = b""
    return messages


def check_recording(name):
    gateway = FakeGateway(name)
    for group in gateway.groups():
        gateway.play(group)
    expect_equal(gateway.device.inbox, messages_to_device(gateway.vector["udp"]), f"{name}: messages to the device")
    expect_equal(gateway.device.pongs, 1, f"{name}: PONG")
    expect_equal(gateway.device.void_acks, [], f"{name}: UTACKs that do not count")
    gateway.close()


def check_acknowledgements(name):
    """What counts as the UTACK of a frame, and that a frame without one is sent five times."""
    gateway = FakeGateway(name)
    gateway.in_session()
    device = gateway.device
    key = device.keys[0]
    plain, proven = wire.build_ack(wire.DATA, 0), wire.build_ack(wire.DATA, 0, key)
    wrong = [wire.build_ack(wire.DATA, 1, key), wire.build_ack(wire.PING, 0, key)]
    if device.generation.proves_acks:
        wrong += [plain, proven[:-1] + bytes([proven[-1] ^ 1]), wire.build_ack(wire.DATA, 0, device.keys[1])]
    frame = device.channel.seal(wire.DATA, b"message")
    gateway.say(*wrong)
    expect_raises(Undelivered, device.deliver, frame)
    expect_equal([gateway.hear() for _ in range(5)], [frame] * 5, f"{name}: transmissions")
    gateway.silence()
    gateway.say(plain if name == "C" else proven)
    device.deliver(frame)
    gateway.close()


def check_order(name):
    """Repeated frames are acknowledged again and taken once; D2 and D3 take reordered ones, C and D1 do not."""
    gateway = FakeGateway(name)
    channel = gateway.in_session()
    device = gateway.device
    frames = [channel.seal(wire.DATA, b"message %d" % number) for number in range(80)]
    order = [0, 0, 2, 1, 2, 79, 16, 15]
    gateway.say(*(frames[number] for number in order))
    device.pump(timeout=0.05)
    taken = [0, 2, 1, 79, 16] if device.generation.proves_acks else [0, 1, 2]
    expect_equal(device.inbox, [b"message %d" % number for number in taken], f"{name}: messages")
    acks = [wire.parse_ack(gateway.hear()) for _ in order]
    expect_equal(acks, [(wire.DATA, number) for number in order], f"{name}: UTACKs")
    changed = channel.seal(wire.DATA, b"changed")
    changed = wire.build_frame(channel.generation.version, wire.DATA, 80, changed[12:-1] + bytes([changed[-1] ^ 1]))
    device.inbox.clear()
    gateway.say(changed)
    expect_raises(TimedOut, device.recv, 0.05)
    gateway.close()


def check_kinds_of_acknowledging():
    """acks="asked" keeps one frame while its own is out; acks="proven" never acknowledges a duplicate."""
    gateway = FakeGateway("D3", acks="asked")
    channel = gateway.in_session()
    frames = [channel.seal(wire.DATA, b"%d" % number) for number in range(2)]
    gateway.say(*frames)
    expect_raises(Undelivered, gateway.device.send, b"nobody answers")
    for _ in range(5):
        expect_equal(gateway.hear()[3], wire.DATA, "asked: only the device's own frame")
    gateway.silence()
    expect_equal(gateway.device.recv(), b"0", "asked: the frame that was kept")
    expect_equal(wire.parse_ack(gateway.hear()), (wire.DATA, 0), "asked: its UTACK")
    expect_raises(TimedOut, gateway.device.recv)
    gateway.close()

    gateway = FakeGateway("D3", acks="proven")
    frame = gateway.in_session().seal(wire.DATA, b"once")
    gateway.say(frame, frame, b"\xcd\xab" + bytes([2, 5]) + bytes(8))
    expect_raises(wire.Violation, gateway.device.pump, timeout=0.05)  # the last one has a wrong checksum
    expect_equal(wire.parse_ack(gateway.hear()), (wire.DATA, 0), "proven: UTACK")
    gateway.silence()
    gateway.close()


def check_hello_retry_is_unknown(name):
    gateway = FakeGateway(name)
    gateway.say(wire.build_frame(gateway.device.generation.version, wire.HELLO_RETRY, 0, bytes(16)))
    expect_raises(wire.Violation, gateway.device.handshake)
    gateway.close()


def check_control(name):
    """PING is answered inside recv; BYE is acknowledged, and again when it comes again, and ends the session."""
    gateway = FakeGateway(name)
    channel = gateway.in_session()
    device = gateway.device
    to_device = channel.tx_key if device.generation.proves_acks else None
    to_gateway = channel.rx_key if device.generation.proves_acks else None
    gateway.say(channel.seal(wire.PING), wire.build_ack(wire.PONG, 0, to_gateway))
    device.pump(lambda: device.owed_pongs, 1.0)
    expect_raises(TimedOut, device.recv)
    expect_equal(gateway.hear(), wire.build_ack(wire.PING, 0, to_device), f"{name}: UTACK of PING")
    expect_equal(channel.decrypt(wire.parse_frame(gateway.hear(), channel.generation.version)), b"", f"{name}: PONG")
    bye = channel.seal(wire.BYE)
    gateway.say(bye, bye)
    expect_raises(Bye, device.recv)
    device.pump()
    for _ in range(2):
        expect_equal(gateway.hear(), wire.build_ack(wire.BYE, 1, to_device), f"{name}: UTACK of BYE")
    gateway.close()


def check_rekey():
    """A REKEY of the gateway is acknowledged under the old keys, and followed."""
    gateway = FakeGateway("D3")
    channel = gateway.in_session()
    old = channel.tx_key
    gateway.say(channel.start_rekey(), channel.seal(wire.DATA, b"new keys"))
    expect_equal(gateway.device.recv(), b"new keys", "message under the new keys")
    expect_equal(gateway.hear(), wire.build_ack(wire.REKEY, 0, old), "UTACK of REKEY")
    expect_equal(gateway.hear(), wire.build_ack(wire.DATA, 0, channel.tx_key), "UTACK under the new keys")
    gateway.close()


def check_relay():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gateway:
        gateway.bind(("127.0.0.1", 0))
        gateway.settimeout(0.1)
        with DatagramRelay(gateway.getsockname()[1], loss=0.3, duplicates=0.3, delay=0.01) as relay:
            device = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            for number in range(100):
                device.sendto(b"%d" % number, ("127.0.0.1", relay.port))
            eventually(lambda: len(relay.seen) == 100 and not relay.waiting, "the relay has forwarded everything")
            wanted = 100 - relay.losses() + relay.repeated
            expect(relay.losses() > 5 and relay.repeated > 5, "a bad path is bad")
            got = [gateway.recvfrom(100) for _ in range(wanted)]
            expect_raises(TimeoutError, gateway.recvfrom, 100)
            order = [int(raw) for raw, _ in got]
            expect(order != sorted(order), "a bad path changes the order")
            expect_equal(len({peer for _, peer in got}), 1, "ports of one device")
            relay.perfect()
            relay.rebind("127.0.0.5")
            device.sendto(b"moved", ("127.0.0.1", relay.port))
            raw, peer = gateway.recvfrom(100)
            expect_equal((raw, peer[0]), (b"moved", "127.0.0.5"), "after a rebind")
            gateway.sendto(b"down", peer)
            device.settimeout(1.0)
            expect_equal(device.recv(100), b"down", "the way back")
            device.close()


def main():
    for name in FILES:
        check_recording(name)
        check_acknowledgements(name)
        check_order(name)
        check_control(name)
    for name in ("C", "D1"):
        check_hello_retry_is_unknown(name)
    check_kinds_of_acknowledging()
    check_rekey()
    check_relay()


run(main)
