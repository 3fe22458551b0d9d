"""A request that two programs could understand in two ways is answered 400, and nothing behind it is looked at.

Two lengths, lengths that are no numbers, chunks with a length and without, lines that end otherwise than with CR LF,
folded lines, two hosts.
"""

from support.array_crypto_gate import V1, ArrayCryptoGate, prefix_of
from support.backend import Backend
from support.expect import expect, expect_equal, run

INNER = f"GET {prefix_of(V1)}/snapshot HTTP/1.1\r\nHost: gw\r\n\r\n"
SIZE = len(INNER)
FIELDS = [
    f"Content-Length: 0\r\nContent-Length: {SIZE}\r\n",
    "Content-Length: 0\r\nContent-Length: 0\r\n",
    f"Content-Length: 0, {SIZE}\r\n",
    "Content-Length: +0\r\n",
    "Content-Length: 0x0\r\n",
    "Content-Length: -1\r\n",
    "Content-Length: \r\n",
    "Content-Length: 18446744073709551616\r\n",
    f"Content-Length: {SIZE}\r\nTransfer-Encoding: chunked\r\n",
    f"Transfer-Encoding: chunked\r\nContent-Length: {SIZE}\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n",
    "Transfer-Encoding:\x0bchunked\r\nContent-Length: 0\r\n",
    "Transfer-Encoding : chunked\r\nContent-Length: 0\r\n",
    " Content-Length: 0\r\n",
    "X: y\r\n Content-Length: 0\r\n",
    "X: y\nContent-Length: 0\r\n",
    "X: y\rContent-Length: 0\r\n",
    "X: y\0\r\nContent-Length: 0\r\n",
    "Content-Length: 0\r\n\n",
    "Content-Length: 0\r\nHost: other\r\n",
    "Content-Length 0\r\n",
]
HEADS = [
    f"GET {prefix_of(V1)}/snapshot HTTP/1.1\nHost: gw\n\n",
    f"GET {prefix_of(V1)}/snapshot HTTP/1.1\r\n\r\n",
    f"GET  {prefix_of(V1)}/snapshot HTTP/1.1\r\nHost: gw\r\n\r\n",
    f"GET {prefix_of(V1)}/snapshot HTTP/1.1 \r\nHost: gw\r\n\r\n",
]


def check(gate, text):
    one = gate.connection()
    one.send((text + INNER).encode("latin-1"))
    answer = one.answer()
    expect_equal(answer.status, 400, f"the answer to {text!r}")
    expect_equal(answer.fields.get("connection"), "close", "what becomes of the connection")
    expect(one.is_closed(), f"it ends: {text!r}")
    expect_equal(one.waiting, b"", "what came behind the answer")


def main():
    with Backend() as backend, ArrayCryptoGate(backend) as gate:
        for fields in FIELDS:
            check(gate, f"POST {prefix_of(V1)}/message HTTP/1.1\r\nHost: gw\r\n{fields}\r\n")
        for head in HEADS:
            check(gate, head)
        gate.wait_handshakes("malformed", len(FIELDS) + len(HEADS))
        gate.wait_refused("malformed", "can be understood in two ways")
        expect_equal(backend.select(type="open"), [], "sessions")
        old = gate.connection().ask(f"GET {prefix_of(V1)}/snapshot HTTP/2.0\r\nHost: gw\r\n\r\n".encode())
        expect_equal(old.status, 505, "another version")
        expect_equal(gate.client(V1).snapshot()[0] > 0, True, "others are served")


run(main)
