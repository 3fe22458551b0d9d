"""A daemon with one Array-Crypto listener called "fleet", and clients of its devices."""

from .array_crypto_client import Connection, StockClient
from .daemon import Gatehouse
from .expect import eventually
from .fleet import key_for
from .yaml_text import to_yaml

V1, V2 = "sensor-1", "sensor-2"
PROFILES = {V1: "v1", V2: "v2"}


def secret_of(name):
    return key_for(f"array-crypto {name}")


def prefix_of(name):
    return f"/dev/{name}"


def entry_of(name, profile, **fields):
    """What stands in the credential file; fields that are None are left out."""
    entry = {"profile": profile, "secret": "hex:" + secret_of(name).hex(), "prefix": prefix_of(name), **fields}
    return {key: value for key, value in entry.items() if value is not None}


def array_crypto_credentials(profiles, **fields_of):
    """`profiles` maps names to profiles; `fields_of` has more fields of devices, with _ for -."""
    return to_yaml({
        "version": 1,
        "devices": {
            name: entry_of(name, profile, **fields_of.get(name.replace("-", "_"), {}))
            for name, profile in profiles.items()
        },
    })


class ArrayCryptoGate(Gatehouse):
    """`options` go into the listener's section of the protocol, `listener` beside it."""

    def __init__(self, backend, profiles=None, *, options=None, listener=None, credentials_text=None, **more):
        self.profiles = dict(profiles or PROFILES)
        entry = {"name": "fleet", "protocol": "array-crypto", **(listener or {})}
        if options:
            entry["array-crypto"] = options
        text = credentials_text or array_crypto_credentials(self.profiles)
        super().__init__(backend, listeners=[entry], credentials=text, **more)

    def client(self, name=V2, **options):
        options.setdefault("url", prefix_of(name))
        made = StockClient(self.port, self.profiles[name], options.pop("secret", secret_of(name)), **options)
        self.opened.append(made)
        return made

    def connection(self):
        made = Connection(self.port)
        self.opened.append(made)
        return made

    def wait_refused(self, result, detail):
        """A handshake was refused like this."""
        self.wait_handshakes(result, lambda count: count > 0)
        return eventually(
            lambda: [one for one in self.log_records("handshake refused", reason=result) if detail in one["detail"]],
            f"a refusal that says {detail!r}",
        )[-1]
