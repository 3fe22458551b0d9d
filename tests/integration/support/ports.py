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
        if not (is_free(port, socket.SOCK_STREAM) and is_free(port, socket.SOCK_DGRAM)):
            hold.close()
            continue
        _held.append(hold)
        return port
    raise RuntimeError("no free port found")


def occupy(port, kind):
    """A socket that holds the port, over TCP a listening one; connections that ended there a while ago do not matter."""
    holder = socket.socket(socket.AF_INET, kind)
    try:
        if kind == socket.SOCK_STREAM:
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", port))
        if kind == socket.SOCK_STREAM:
            holder.listen()
    except OSError:
        holder.close()
        raise
    return holder


def is_free(port, kind):
    try:
        occupy(port, kind).close()
    except OSError:
        return False
    return True
