"""Somebody who opens connections from addresses of his own, says the same on each, and never goes on.

    with Flood(gate.port, ["127.0.0.66"], any_hello(), a_second=500):
        ...

Runs in a process of its own. Keeps as many connections open as `kept`, the newest.
"""

import collections
import ctypes
import itertools
import multiprocessing
import resource
import signal
import socket
import struct
import time

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close without waiting, so that no port stays in use
IP_BIND_ADDRESS_NO_PORT = 24  # so that a port of another destination can be used again
PR_SET_PDEATHSIG = 1
PACE = 0.01


def networks(count, second=9):
    """So many addresses, each in a /24 of its own."""
    return [f"127.{second + n // 250}.{n % 250}.1" for n in range(count)]


def _connect(port, source):
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    made.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
    made.settimeout(5.0)
    made.bind((source, 0))
    made.connect(("127.0.0.1", port))
    return made


def _flood(port, sources, said, a_second, kept, count):
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    open_now = collections.deque()
    begun = time.monotonic()
    done = 0
    for source in itertools.cycle(sources):
        while done >= (time.monotonic() - begun) * a_second:
            time.sleep(PACE)
        done += 1
        try:
            made = _connect(port, source)
            made.sendall(said)
            open_now.append(made)
        except OSError:
            continue
        count.value += 1
        if len(open_now) > kept:
            open_now.popleft().close()


class Flood:
    def __init__(self, port, sources, said, a_second, kept=2000):
        context = multiprocessing.get_context("fork")
        self.count = context.Value("L", 0)
        self.process = context.Process(
            target=_flood, args=(port, sources, said, a_second, kept, self.count), daemon=True
        )

    def said(self):
        """How often until now."""
        return self.count.value

    def __enter__(self):
        self.process.start()
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.join()
