"""A second SIGTERM ends the daemon at once while a large import is under way; of it nothing or all is in the store."""

import secrets
import threading

from support.admin import admin_of
from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import eventually, expect, run
from support.fleet import device_name

DEVICES = 80_000
AT_ONCE = 3.0
STORE = {"fleet": {"store": "sqlite:fleet.db", "store_key": "file:seal.key"}}


def fleet_text():
    lines = ["version: 1", "devices:"]
    lines += [f'  "{device_name(n)}": {{psk: [{{id: k1, secret: "hex:{n:064x}"}}]}}' for n in range(1, DEVICES + 1)]
    return "\n".join(lines) + "\n"


def size_of_store(gate):
    return sum(path.stat().st_size for path in gate.directory.glob("fleet.db*"))


def try_import(admin, text):
    try:
        admin.post("/v1/import", text)
    except Exception:  # the daemon ends meanwhile
        pass


def main():
    with Backend() as backend:
        gate = Gatehouse(backend, settings={"credentials": STORE}, clean_exit=False)
        seal = gate.directory / "seal.key"
        seal.write_bytes(secrets.token_bytes(32))
        seal.chmod(0o600)
        with gate:
            asking = threading.Thread(target=try_import, args=(admin_of(gate), fleet_text()), daemon=True)
            asking.start()
            eventually(lambda: size_of_store(gate) > 1 << 20 or not asking.is_alive(), "the import has begun", 30.0)
            gate.terminate()
            gate.terminate()
            gate.wait_exit(AT_ONCE)
            asking.join(10.0)
            gate.start()
            count = admin_of(gate).get("/v1/credentials")["credentials"][0]["devices"]
            expect(count in (0, DEVICES), f"devices in the store: {count}")


run(main)
