"""Headers, bodies, requests at once and the time for them have bounds, each with an answer; nobody else waits."""

from support.array_crypto_gate import V1, V2, ArrayCryptoGate, prefix_of
from support.backend import Backend
from support.expect import expect, expect_equal, run

GET = f"GET {prefix_of(V2)}/snapshot HTTP/1.1\r\nHost: gw\r\n".encode()


def check_sizes(gate):
    path = prefix_of(V2)
    for text, status in (
        (GET + b"X: " + b"x" * 9000, 431),
        (GET + b"X: y\r\n" * 70 + b"\r\n", 431),
        (f"POST {path}/message HTTP/1.1\r\nHost: gw\r\nContent-Length: {(4 << 10) + 65}\r\n\r\n".encode(), 413),
        (f"POST {path}/handshake HTTP/1.1\r\nHost: gw\r\nContent-Length: 1025\r\n\r\n".encode(), 413),
        (f"POST {path}/message HTTP/1.1\r\nHost: gw\r\n\r\n".encode(), 411),
        (GET + b"Content-Length: 5\r\n\r\nhello", 413),
    ):
        one = gate.connection()
        expect_equal(one.ask(text).status, status, f"the answer to {text[:80]!r}")
        expect(one.is_closed(), "its connection ends")
    gate.wait_refused("malformed", "longer than the protocol allows")
    client = gate.client(V2)
    expect_equal(client.talk(b"x" * (4 << 10)), b"x" * (4 << 10), "the longest message")


def check_requests_at_once(gate):
    one = gate.connection()
    one.send((GET + b"\r\n") * 16)
    expect_equal([one.answer().status for _ in range(16)], [200] * 16, "sixteen at once")
    one = gate.connection()
    one.send((GET + b"\r\n") * 40)
    statuses = [one.answer().status for _ in range(17)]
    expect_equal(statuses, [200] * 16 + [429], "forty at once")
    expect(one.is_closed(), "the connection ends")
    gate.wait_metric("gatehouse_limited_total", 1, listener="fleet", limit="requests")


def check_times(gate):
    """The first request within handshake_timeout; a connection that asks for nothing ends after idle_timeout."""
    slow, silent, idle = gate.connection(), gate.connection(), gate.connection()
    slow.send(GET)
    expect_equal(idle.ask(GET + b"\r\n").status, 200, "a snapshot")
    session = gate.client(V1)
    expect_equal(session.talk(b"hello"), b"hello", "a session")
    for one in (slow, silent, idle):
        expect(one.is_closed(), "each ends")
    expect(session.connection.is_closed(), "the session too")
    gate.wait_handshakes("timeout", 2)
    gate.wait_metric("gatehouse_sessions_closed_total", 1, listener="fleet", reason="idle")
    expect_equal(gate.handshakes("aborted"), 0, "nobody hung up")


def check_what_is_no_http(gate):
    for text, advice in ((b"\x16\x03\x01\x02\x00\x01", "it looks like TLS"), (b"\xcd\xab\x02\x01", "not a frame")):
        one = gate.connection()
        one.send(text)
        expect(one.is_closed(), "no answer")
        gate.wait_refused("malformed", advice)


def main():
    listener = {"handshake_timeout": "1s", "idle_timeout": "2s"}
    with Backend(echo=True) as backend, ArrayCryptoGate(
        backend, options={"message_limit": "4KiB"}, listener=listener
    ) as gate:
        check_sizes(gate)
        check_requests_at_once(gate)
        check_what_is_no_http(gate)
        check_times(gate)


run(main)
