"""A message waits for the backend's answer, within reply_timeout; after it the device gets 204 and goes on.

An answer that nobody waits for, a second one and one that is too long are refused with an error record. Where backends
do not answer (`answers: false`), nothing is waited for. Requests behind a message end the connection with its answer.
"""

import copy
import signal
import time

from support.array_crypto_gate import V1, V2, ArrayCryptoGate
from support.backend import Backend
from support.changes import reloading, wait_closed, write_config
from support.expect import expect, expect_equal, run

NOBODY_WAITS = "no message of the device waits for an answer"


def begin(client, text):
    client.begin(client.message(client.encrypt(text)))


def check_answers(backend, gate):
    client = gate.client(V2)
    begin(client, b"one")
    session = backend.opened(V2)["session"]
    expect_equal(backend.wait_data(V2), [b"one"], "the message")
    backend.send({"type": "data", "session": session, "payload": b"x" * (64 * 1024 + 1), "ref": "long"})
    expect_equal(backend.wait_for(type="error", ref="long")[0]["error"], "message too large for the session", "too long")
    backend.send({"type": "data", "device": V2, "payload": b"re one"}, backend.connection_of(session))
    answer = client.finish()
    expect_equal(client.decrypt(answer.body), b"re one", "the answer, by the device's name")
    backend.send({"type": "data", "session": session, "payload": b"again", "ref": "again"})
    expect_equal(backend.wait_for(type="error", ref="again")[0]["error"], NOBODY_WAITS, "a second answer")
    return client, session


def check_timeout(backend, gate, client, session):
    began = time.monotonic()
    begin(client, b"two")
    expect_equal(client.finish().status, 204, "without an answer")
    expect(time.monotonic() - began >= 0.9, "it was waited for")
    backend.send({"type": "data", "session": session, "payload": b"late", "ref": "late"})
    expect_equal(backend.wait_for(type="error", ref="late")[0]["error"], NOBODY_WAITS, "a late answer")
    begin(client, b"three")
    backend.wait_data(V2, 3)
    backend.send_data(session, b"re three")
    expect_equal(client.decrypt(client.finish().body), b"re three", "the next one")
    expect_equal(client.connections, 1, "connections")
    expect_equal([r["seq"] for r in backend.select(type="data", session=session)], [1, 2, 3], "its messages")


def check_request_behind(backend, gate, client, session):
    """Nothing behind it is looked at: whoever sends requests at once has to ask again."""
    begin(client, b"four")
    client.begin(client.request("GET", "/snapshot"))
    backend.wait_data(V2, 4)
    backend.send_data(session, b"re four")
    answer = client.connection.answer()
    expect_equal(answer.fields.get("connection"), "close", "what becomes of the connection")
    connection = client.connection
    expect(connection.is_closed(), "it ends")
    expect_equal(connection.waiting, b"", "behind the answer")
    client.close()
    expect_equal(client.decrypt(answer.body), b"re four", "the answer")
    wait_closed(backend, session, "eof")


def check_end_by_backend(backend, gate):
    client = gate.client(V1)
    begin(client, b"five")
    session = backend.opened(V1)["session"]
    backend.wait_data(V1)
    backend.send({"type": "close", "session": session})
    answer = client.finish()
    expect_equal((answer.status, answer.fields.get("connection")), (204, "close"), "the answer at the end")
    wait_closed(backend, session, "backend")


def check_reload(gate):
    """The settings count for kept connections too."""
    client = gate.client(V1)
    expect_equal(client.talk(b"before"), None, "at once")
    config = copy.deepcopy(gate.config)
    config["listeners"][0]["array-crypto"] = {"reply_timeout": "300ms"}
    with reloading(gate):
        write_config(gate, config)
        gate.signal(signal.SIGHUP)
    began = time.monotonic()
    expect_equal(client.talk(b"after"), None, "a while later")
    expect(time.monotonic() - began >= 0.3, "it was waited for")
    expect_equal(client.connections, 1, "connections")


def main():
    with Backend() as backend:
        with ArrayCryptoGate(backend, options={"reply_timeout": "1s"}) as gate:
            client, session = check_answers(backend, gate)
            check_timeout(backend, gate, client, session)
            check_request_behind(backend, gate, client, session)
            check_end_by_backend(backend, gate)
    with Backend() as backend, ArrayCryptoGate(backend, options={"answers": False, "reply_timeout": "1h"}) as gate:
        expect_equal(gate.client(V2).talk(b"nobody answers"), None, "at once")
        expect_equal(backend.wait_data(V2), [b"nobody answers"], "the message")
        check_reload(gate)


run(main)
