"""`session_id_bytes: 16` beside a device's psk lets a 0.3 device in at its first try.

Two B devices, both with the key in the credential file, connect once each and talk; an A device without it still
gets its 4 bytes.
"""

from support.backend import Backend
from support.daemon import Gatehouse, device_entry
from support.expect import run
from support.fleet import ALL_GENERATIONS, ONE, THREE, TWO, fleet
from support.hostile import expect_alive


def main():
    keys = fleet(3)
    devices = {
        ONE: {**device_entry(keys[ONE]), "session_id_bytes": 16},
        TWO: {**device_entry(keys[TWO]), "session_id_bytes": 16},
        THREE: keys[THREE],
    }
    with Backend(echo=True) as backend, Gatehouse(backend, devices, usmp=ALL_GENERATIONS) as gate:
        expect_alive(gate.connect(ONE, "B"))
        expect_alive(gate.connect(TWO, "C0"))
        expect_alive(gate.connect(THREE, "A"))
        gate.wait_handshakes("ok", 3)


run(main)
