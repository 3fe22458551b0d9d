"""A man in the middle who replaces the public keys and passes the proofs on is refused, from 0.4.7 on.

A relay between device and gateway replaces the device's key, the gateway's key, or both by its own, and passes
everything else. For C, D1, D2 and D3 the gateway closes at the HELLO_ACK, counted as `auth_failed`; without
replacement the same relay is let through.
"""

import socket
import threading

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ALL_GENERATIONS, fleet

NAMES = ("C", "D1", "D2", "D3")
MITM_PUBLIC = wire.public_bytes(wire.new_private())


class Relay:
    """Passes frames on between one device and the gateway; `replaced` names the message types whose key it swaps."""

    def __init__(self, port, replaced):
        self.replaced = replaced
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.gateway_port = port
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        device, _ = self.listening.accept()
        gateway = socket.create_connection(("127.0.0.1", self.gateway_port))
        back = threading.Thread(target=self._pump, args=(gateway, device), daemon=True)
        back.start()
        self._pump(device, gateway)
        back.join()
        device.close()
        gateway.close()
        self.listening.close()

    def _pump(self, source, target):
        pending = b""
        try:
            while data := source.recv(4096):
                pending += data
                while len(pending) >= 12 and len(pending) >= 12 + wire.payload_length(pending):
                    size = 12 + wire.payload_length(pending)
                    target.sendall(self._passed(pending[:size]))
                    pending = pending[size:]
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _passed(self, raw):
        version, kind = raw[2], raw[3]
        if kind not in self.replaced:
            return raw
        return wire.build_frame(version, kind, 0, raw[12:-32] + MITM_PUBLIC)


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1), usmp=ALL_GENERATIONS) as gate:
        (device_id,) = gate.devices
        refused = 0
        for name in NAMES:
            for replaced in ({wire.HELLO}, {wire.CHALLENGE}, {wire.HELLO, wire.CHALLENGE}):
                relay = Relay(gate.port, replaced)
                device = gate.device(device_id, name, port=relay.port)
                expect(device.is_refused(), f"generation {name}, swapped keys in {replaced}: refused")
                refused += 1
                gate.wait_handshakes("auth_failed", refused)
        expect_equal(backend.select(type="open"), [], "open records")
        for count, name in enumerate(NAMES, start=1):
            device = gate.connect(device_id, name, port=Relay(gate.port, set()).port)
            backend.opened(device_id, count)
            device.bye()


run(main)
