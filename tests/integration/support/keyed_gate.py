"""A daemon with a listener for each keyed protocol: "meters" speaks SPP and "sensors" PSSST, each with its own set.

The sets have the listeners' names, and gateway keys of the same ids, so that whatever mixes them up is found. Devices
are made by `connect` (SPP) and `client` (PSSST).
"""

import datetime
import json
import os

from .changes import reloading, replace
from .daemon import Gatehouse, run_program, write_secret
from .expect import expect_equal
from .fleet import key_for
from .pssst_client import Client, public_of
from .pssst_gate import device_private
from .spp_device import SppDevice, identity_of
from .spp_gate import gateway_seed, seed_of
from .yaml_text import to_yaml

METERS, SENSORS = "meters", "sensors"
LISTENERS = [
    {"name": METERS, "protocol": "spp", "credentials": METERS},
    {
        "name": SENSORS,
        "protocol": "pssst",
        "transport": "udp",
        "credentials": SENSORS,
        "pssst": {"reply_timeout": "1m"},
    },
]
# A meter may have a session with each key of the gateway.
SEVERAL_SESSIONS = [{**LISTENERS[0], "limits": {"sessions_per_device": 0}}, *LISTENERS[1:]]
PUBLIC_OF = {METERS: lambda name: identity_of(seed_of(name)), SENSORS: lambda name: public_of(device_private(name))}


def gateway_private(kind, key_id):
    return gateway_seed(key_id) if kind == METERS else key_for(f"gateway {key_id}")


def gateway_public(kind, key_id):
    private = gateway_private(kind, key_id)
    return identity_of(private) if kind == METERS else public_of(private)


def stamp(moment):
    return datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def keyed_text(kind, names, gateway_keys=("g1",), keys_of=None, **more):
    """A credential file. `gateway_keys` are ids, newest first, or {id: more fields of the key}; `keys_of` says which of
    them a device may use if not all."""
    keys = gateway_keys if isinstance(gateway_keys, dict) else dict.fromkeys(gateway_keys, {})
    listed = [
        {"id": key_id, "private": "hex:" + gateway_private(kind, key_id).hex(), **fields}
        for key_id, fields in keys.items()
    ]
    devices = {}
    for name in names:
        devices[name] = {"public": "hex:" + PUBLIC_OF[kind](name).hex()}
        if keys_of and name in keys_of:
            devices[name]["gateway_key"] = keys_of[name]
    return to_yaml({"version": 1, "gateway_keys": listed, "devices": devices, **more})


class KeyedGate(Gatehouse):
    """`names` are the devices of each of the two sets, as {METERS: [...], SENSORS: [...]}."""

    def __init__(self, backend, names, gateway_keys=("g1",), *, settings=None, texts=None, **more):
        self.names = names
        sets = {name: {"file": f"keys/{name}.yaml"} for name in (METERS, SENSORS)}
        more.setdefault("listeners", LISTENERS)
        super().__init__(backend, settings={"credentials": sets, "shutdown_timeout": "2s", **(settings or {})}, **more)
        for kind, one in names.items():
            write_secret(self.file_of(kind), (texts or {}).get(kind) or keyed_text(kind, one, gateway_keys))

    def file_of(self, kind):
        return self.credential_file.with_name(f"{kind}.yaml")

    def change(self, kind, names=None, gateway_keys=("g1",), **more):
        """Another file for the set; it is loaded when this returns."""
        self.names = {**self.names, kind: self.names[kind] if names is None else names}
        with reloading(self):
            replace(self.file_of(kind), keyed_text(kind, self.names[kind], gateway_keys, **more))

    def change_all(self, gateway_keys, **more):
        for kind in (METERS, SENSORS):
            self.change(kind, None, gateway_keys, **more)

    def device(self, name, key_id="g1", **options):
        """An SPP device that knows this key of the gateway, not connected yet."""
        made = SppDevice(self.ports[METERS], seed_of(name), gateway_public(METERS, key_id), **options)
        made.device_id = name
        self.opened.append(made)
        return made

    def connect(self, name, key_id="g1", **options):
        return self.device(name, key_id, **options).connect()

    def client(self, name, key_id="g1"):
        """A PSSST client that knows this key of the gateway."""
        made = Client(self.ports[SENSORS], gateway_public(SENSORS, key_id), name and device_private(name))
        self.opened.append(made)
        return made

    def requests(self, result):
        return self.metric("gatehouse_requests_total", listener=SENSORS, result=result)

    def drops_silently(self, client, message, result):
        """Asks, which must be counted under this result and not be answered."""
        before = self.requests(result)
        client.send(message)
        self.wait_metric("gatehouse_requests_total", before + 1, listener=SENSORS, result=result)
        expect_equal(client.take(0.05), None, f"an answer to {result}")

    def ctl(self, *words):
        """What gatehousectl prints."""
        done = run_program("--socket", self.directory / "admin.sock", *words, program=os.environ["GATEHOUSECTL"])
        expect_equal(done.returncode, 0, f"gatehousectl {words}: {done.stderr}")
        return done.stdout

    def ctl_document(self, *words):
        return json.loads(self.ctl("--json", *words))
