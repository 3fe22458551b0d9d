"""A secret that stands in a file of its own is loaded when that file changes: `file:` and `credential:`.

Three devices: the key of one is in a file beside the credential file, that of another in $CREDENTIALS_DIRECTORY, the third
has its key in the credential file. The first two files change, one after the other, once by moving a new file over it
and once in place: the session that the old secret opened ends with `revoked`, the new secret opens one. A file that
comes with a new entry is watched from then on too. The third device stays.
"""

import os
import pathlib
import tempfile

from support.backend import Backend
from support.changes import change_credentials, reloading, replace, wait_closed
from support.daemon import Gatehouse, write_secret
from support.expect import expect, expect_equal, run
from support.fleet import device_name, key_for

BESIDE, SERVICE, PLAIN, LATER = [device_name(number) for number in range(1, 5)]


def at(form):
    return {"psk": [{"id": "k1", "secret": form}]}


def check_changed(gate, backend, device_id, change, number):
    """The nth secret takes the place of the one before it."""
    device = gate.connect(device_id, psk=key_for(f"{number - 1}"))
    session = backend.wait_for(2 * number - 1, type="open", device=device_id)[-1]["session"]
    with reloading(gate):
        change(key_for(f"{number}"))
    device.expect_bye()
    wait_closed(backend, session, "revoked")
    expect(gate.device(device_id, psk=key_for(f"{number - 1}")).is_refused(), f"{device_id}: the secret of before")
    with gate.connect(device_id, psk=key_for(f"{number}")) as again:
        again.ping()
        again.bye()
    backend.wait_for(2 * number, type="close", device=device_id)


def check_file(gate, backend, device_id, path):
    check_changed(gate, backend, device_id, lambda key: replace(path, key), 1)
    check_changed(gate, backend, device_id, path.write_bytes, 2)


def main():
    with tempfile.TemporaryDirectory(prefix="gatehouse-credentials-") as folder, Backend() as backend:
        os.environ["CREDENTIALS_DIRECTORY"] = folder
        service = pathlib.Path(folder) / "service.key"
        write_secret(service, key_for("0"))
        devices = {BESIDE: at("file:beside.key"), SERVICE: at("credential:service.key"), PLAIN: key_for("plain")}
        gate = Gatehouse(backend, devices)
        keys = gate.credential_file.parent
        write_secret(keys / "beside.key", key_for("0"))
        with gate:
            stays = gate.connect(PLAIN)
            check_file(gate, backend, BESIDE, keys / "beside.key")
            check_file(gate, backend, SERVICE, service)
            write_secret(keys / "further" / "later.key", key_for("0"))
            change_credentials(gate, {**devices, LATER: at("file:further/later.key")})
            check_file(gate, backend, LATER, keys / "further" / "later.key")

            with reloading(gate, "failed"):
                service.unlink()
            stays.ping()
            with reloading(gate):
                write_secret(service, key_for("2"))
            gate.connect(SERVICE, psk=key_for("2")).ping()
            stays.ping()
            expect_equal(backend.select(type="close", device=PLAIN), [], "close records of the third device")


run(main)
