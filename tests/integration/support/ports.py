"""TCP and UDP ports that no other test of the same machine is using.

The daemon listens with SO_REUSEPORT, so two daemons on one port would silently share what comes. Every port
handed out here is therefore also held as an abstract Unix socket name until the process ends; ports lie below the
range from which the kernel picks the ports of outgoing connections.
"""

import random
import socket

LOWEST, HIGHEST = 12000, 32000
_held = []


def free_port():
    for _ in range(1000):
        port = random.randint(LOWEST, HIGHEST)
        hold = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            hold.bind(f"\0gatehouse-test-port-{port}")
        except OSError:
            hold.close()
            continue
        if not (_is_free(port, socket.SOCK_STREAM) and _is_free(port, socket.SOCK_DGRAM)):
            hold.close()
            continue
        _held.append(hold)
        return port
    raise RuntimeError("no free port found")


def _is_free(port, kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
