"""A daemon with one SPP listener called "fleet": gateway keys, devices by public key, and devices to connect."""

from .daemon import Gatehouse
from .expect import eventually
from .fleet import key_for
from .spp_device import SppDevice, identity_of
from .yaml_text import to_yaml

SPP = {"name": "fleet", "protocol": "spp"}


def seed_of(name):
    return key_for(f"spp device {name}")


def gateway_seed(key_id):
    return key_for(f"spp gateway {key_id}")


def spp_credentials(names, gateway_keys=("g1",), keys_of=None, **fields_of):
    """The text of a credential file. `gateway_keys` are ids, newest first; `keys_of` says which of them a device may
    use if not all; `fields_of` has more fields of devices, with _ for -."""
    devices = {}
    for name in names:
        devices[name] = {"public": "hex:" + identity_of(seed_of(name)).hex()}
        if keys_of and name in keys_of:
            devices[name]["gateway_key"] = keys_of[name]
        devices[name].update(fields_of.get(name.replace("-", "_"), {}))
    keys = [{"id": key, "private": "hex:" + gateway_seed(key).hex()} for key in gateway_keys]
    return to_yaml({"version": 1, "gateway_keys": keys, "devices": devices})


class SppGate(Gatehouse):
    """`spp` goes into the listener's section of that name, `listener` beside it."""

    def __init__(self, backend, names=("meter-1",), *, gateway_keys=("g1",), keys_of=None, spp=None, listener=None,
                 credentials_text=None, **more):
        entry = {**SPP, **(listener or {})}
        if spp:
            entry["spp"] = spp
        text = credentials_text or spp_credentials(names, gateway_keys, keys_of)
        super().__init__(backend, listeners=[entry], credentials=text, **more)

    def device(self, name="meter-1", generation="0.2", *, gateway_key="g1", seed=None, **options):
        """Not connected yet; it is closed when the daemon's block is left."""
        gateway = identity_of(gateway_seed(gateway_key))
        made = SppDevice(self.port, seed or seed_of(name), gateway, generation, **options)
        made.device_id = name
        self.opened.append(made)
        return made

    def connect(self, name="meter-1", generation="0.2", **options):
        return self.device(name, generation, **options).connect()

    def refusals(self, detail):
        """The log's refused handshakes with this in their detail."""
        return [one for one in self.log_records("handshake refused") if detail in one["detail"]]

    def wait_refused(self, result, detail, before=0):
        """One more than `before` handshakes were refused like this."""
        self.wait_handshakes(result, before + 1)
        return eventually(lambda: self.refusals(detail), f"a refusal that says {detail!r}")[-1]
