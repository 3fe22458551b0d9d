#!/usr/bin/env python3
"""The smallest useful backend: prints every record and answers every message.

usage: backend_example.py SOCKET

The gateway connects to SOCKET, one connection a worker, and speaks ndjson: one JSON object a line, in both directions.
"""

import base64
import json
import os
import socketserver
import sys


class Gateway(socketserver.StreamRequestHandler):
    """One connection of the gateway; many device sessions share it."""

    def handle(self):
        for line in self.rfile:
            record = json.loads(line)
            sys.stdout.write(json.dumps(record) + "\n")
            sys.stdout.flush()
            if record["type"] == "data":
                self.answer(record)

    def answer(self, record):
        text = record.get("text") or base64.b64decode(record.get("data", "")).decode(errors="replace")
        reply = {"type": "data", "session": record["session"], "text": f"got '{text}'"}
        self.wfile.write(json.dumps(reply).encode() + b"\n")


class Backend(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


if __name__ == "__main__":
    path = sys.argv[1]
    if os.path.exists(path):
        os.unlink(path)
    with Backend(path, Gateway) as backend:
        backend.serve_forever()
