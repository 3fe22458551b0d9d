"""`messages_per_second` and `bytes_per_second` slow a device down, and nothing else: nothing is lost, no session ends.

USMP over TCP: a device that sends 60 messages at once with a rate of 20 a second has them taken over within more than
two seconds, in order, although its `idle_timeout` is half a second; PING is answered; another device is as fast as ever;
a device that comes back does not gain by it; one that leaves has all taken over that it sent. The same in SPP, and by bytes. Over UDP
messages that come too early are not acknowledged, and are delivered once, in order. A reload sets and lifts the rate.
PSSST: requests that come too early are dropped as `limited`, and come through later.
"""

import time

from support.backend import Backend
from support.changes import reloading, write_config
from support.daemon import UDP, Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import ONE, TWO, fleet
from support.pssst_gate import PssstGate
from support.spp_gate import SppGate

RATE, MESSAGES = 20, 60
LEAST = (MESSAGES - RATE) / RATE  # seconds; a second's worth goes through at once
SLACK = 0.9


def texts(count, size=0):
    return [b"%04d" % number + bytes(size) for number in range(count)]


def wait_all(backend, device, wanted, deadline=20.0):
    expect_equal(backend.wait_data(device, len(wanted), deadline), wanted, f"messages of {device}")


def check_pace(begun, least, what):
    lasted = time.monotonic() - begun
    expect(lasted >= SLACK * least, f"{what}: {lasted:.2f} s, at least {least:.2f} s are due")


def check_nobody_ended(backend, gate):
    expect_equal(backend.select(type="close"), [], "sessions that ended")
    expect_equal(gate.log_records("frame rejected"), [], "rejected frames")


def check_tcp():
    limits = {"messages_per_second": RATE}
    listener = {"idle_timeout": "500ms"}
    with Backend() as backend, Gatehouse(backend, fleet(2), limits=limits, listener=listener, workers=2) as gate:
        device = gate.connect(ONE)
        begun = time.monotonic()
        for text in texts(MESSAGES):
            device.send(text)
        other = gate.connect(TWO)
        other.send(b"beside it")
        backend.wait_data(TWO)
        expect(len(backend.data(ONE)) < MESSAGES, "another device is not held up by the first")
        other.bye()
        device.ping()
        check_pace(begun, LEAST, "PONG behind all messages")
        wait_all(backend, ONE, texts(MESSAGES))
        expect_equal(backend.select(type="close", device=ONE), [], "the session goes on")

        begun = time.monotonic()
        for text in texts(MESSAGES):
            device.send(text)
        device.bye()
        wait_all(backend, ONE, texts(MESSAGES) * 2)
        check_pace(begun, LEAST, "messages before BYE")
        expect_equal(backend.closed(backend.opened(ONE)["session"])["reason"], "bye", "the end")

        begun = time.monotonic()
        for number in range(3 * RATE):
            again = gate.connect(ONE)
            again.send(b"%d" % number)
            backend.wait_data(ONE, 2 * MESSAGES + number + 1)
            again.bye()
        wait_all(backend, ONE, texts(MESSAGES) * 2 + [b"%d" % number for number in range(3 * RATE)])
        check_pace(begun, 2, "one message a session")


def check_bytes_and_reload():
    limits = {"bytes_per_second": "10KiB"}
    with Backend() as backend, Gatehouse(backend, fleet(1), limits=limits) as gate:
        device = gate.connect(ONE)
        wanted = texts(100, 396)
        begun = time.monotonic()
        for text in wanted:
            device.send(text)
        wait_all(backend, ONE, wanted)
        check_pace(begun, (100 * 400 - 10240 - 400) / 10240, "by bytes")
        check_nobody_ended(backend, gate)

        gate.config["listeners"][0]["limits"] = {"messages_per_second": 1}
        with reloading(gate):
            write_config(gate)
            gate.signal(1)
        for text in wanted:
            device.send(text)
        eventually(lambda: len(backend.data(ONE)) == 101, "the first of many messages")
        time.sleep(0.3)
        expect(len(backend.data(ONE)) <= 102, f"with a rate of one: {len(backend.data(ONE)) - 100} messages")
        gate.config["listeners"][0]["limits"] = {}
        with reloading(gate):
            write_config(gate)
            gate.signal(1)
        begun = time.monotonic()
        wait_all(backend, ONE, wanted * 2)
        expect(time.monotonic() - begun < 20, "without a rate the rest comes soon")
        check_nobody_ended(backend, gate)


def check_spp():
    limits = {"messages_per_second": RATE, "bytes_per_second": 1000000}
    with Backend() as backend, SppGate(backend, listener={"limits": limits, "idle_timeout": "500ms"}) as gate:
        wanted = texts(MESSAGES, 1000)
        device = gate.device().open().shake_hands()
        begun = time.monotonic()
        device.send_raw(b"".join(device.record(text) for text in wanted))
        wait_all(backend, "meter-1", wanted)
        check_pace(begun, LEAST, "SPP")


def check_udp():
    limits = {"messages_per_second": 5}
    with Backend() as backend, Gatehouse(backend, fleet(1), limits=limits, listener=UDP) as gate:
        device = gate.connect_datagram(ONE)
        wanted = texts(15)
        begun = time.monotonic()
        for text in wanted:
            device.send(text)
        check_pace(begun, 1.8, "UTACK of the last of 15 messages")
        wait_all(backend, ONE, wanted)
        device.send(bytes(1500))
        check_nobody_ended(backend, gate)
        dropped = gate.metric("gatehouse_datagrams_dropped_total", listener="fleet", reason="rate")
        expect(dropped > 0, f"datagrams that came too early: {dropped}")
        expect_equal(gate.metric("gatehouse_datagrams_dropped_total", listener="fleet", reason="backend"), 0, "others")


def check_pssst():
    listener = {"limits": {"messages_per_second": 4}}
    with Backend(echo=True) as backend, PssstGate(backend, ("busy", "other"), listener=listener, workers=4) as gate:
        client, other = gate.client("busy"), gate.client("other")
        begun = time.monotonic()
        requests = [client.send(b"%d" % number) for number in range(40)]
        eventually(lambda: gate.results("limited") + gate.results("accepted") == 40, "all are judged")
        most = 4 * (2 + time.monotonic() - begun)
        expect(4 <= gate.results("accepted") <= most, f"accepted: {gate.results('accepted')}")
        expect_equal(other.ask(b"another device"), b"another device", "the reply")
        before = gate.results("accepted")

        def comes_through():
            client.post(requests[-1])
            return gate.results("accepted") > before

        eventually(comes_through, "a packet that came too early and is sent again", interval=0.1)


def main():
    check_tcp()
    check_bytes_and_reload()
    check_spp()
    check_udp()
    check_pssst()


run(main)
