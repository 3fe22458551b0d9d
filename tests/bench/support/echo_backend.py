"""A backend that costs little: reads and discards every record, but sends each message back.

usage: echo_backend.py SOCKET

One connection a worker of the gateway, format ndjson. Runs until it is killed.
"""

import json
import os
import selectors
import socket
import sys

CHUNK = 1 << 20
MESSAGE = b'"type":"data"'


class Connection:
    def __init__(self, sock):
        self.sock = sock
        self.rest = b""

    def read(self):
        """False when the gateway closed."""
        data = self.sock.recv(CHUNK)
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            if MESSAGE in line:
                self.answer(json.loads(line))
        return bool(data)

    def answer(self, record):
        reply = {name: record[name] for name in ("type", "session", "data", "text") if name in record}
        self.sock.sendall(json.dumps(reply).encode() + b"\n")


def main(path):
    if os.path.exists(path):
        os.unlink(path)
    ready = selectors.DefaultSelector()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(path)
        listening.listen()
        ready.register(listening, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                if key.data is None:
                    accepted = listening.accept()[0]
                    ready.register(accepted, selectors.EVENT_READ, Connection(accepted))
                elif not key.data.read():
                    ready.unregister(key.fileobj)
                    key.fileobj.close()


if __name__ == "__main__":
    main(sys.argv[1])
