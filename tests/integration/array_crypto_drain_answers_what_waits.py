"""SIGTERM: a message that waits for its answer gets 204 and the end of its connection, kept connections end, nobody gets
in any more, and the daemon exits with 0."""

from support.array_crypto_gate import V1, V2, ArrayCryptoGate
from support.backend import Backend
from support.changes import wait_closed
from support.expect import eventually, expect, expect_equal, run


def connects(gate):
    try:
        gate.connection()
        return True
    except OSError:
        return False


def main():
    with Backend() as backend, ArrayCryptoGate(backend) as gate:
        waiting, idle, snapshots = gate.client(V2), gate.client(V1), gate.client(V1)
        idle.begin(idle.message(idle.encrypt(b"one")))
        first = backend.opened(V1)["session"]
        backend.wait_data(V1)
        backend.send_data(first, b"re one")
        expect_equal(idle.decrypt(idle.finish().body), b"re one", "an answer")
        snapshots.snapshot()
        waiting.begin(waiting.message(waiting.encrypt(b"two")))
        second = backend.opened(V2)["session"]
        backend.wait_data(V2)

        gate.terminate()
        answer = waiting.finish()
        expect_equal((answer.status, answer.fields.get("connection")), (204, "close"), "the answer in a drain")
        for client in (idle, snapshots):
            expect(client.connection.is_closed(), "a kept connection ends")
        for session in (first, second):
            wait_closed(backend, session, "shutdown")
        expect_equal(gate.wait_exit(), 0, "the exit")
        eventually(lambda: not connects(gate), "nobody gets in")


run(main)
