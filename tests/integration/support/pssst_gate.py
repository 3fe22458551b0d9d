"""A daemon with PSSST listeners: gateway keys, devices by public key, clients for them, and the counters."""

from .daemon import Gatehouse
from .expect import expect_equal
from .fleet import key_for
from .pssst_client import Client, public_of
from .yaml_text import to_yaml

REQUESTS = "gatehouse_requests_total"
SHUTDOWN = "2s"  # a drain waits for requests that a test left unanswered
PSSST = {"name": "air", "protocol": "pssst", "transport": "udp"}


class PssstGate(Gatehouse):
    """`names` are the devices, each with its own key pair. `gateway_keys` are ids, newest first; `keys_of` says which
    of them a device may use if not all. `pssst` goes into the listener's section of that name. `state` is the state
    directory, as the configuration names it."""

    def __init__(
        self,
        backend,
        names=(),
        *,
        gateway_keys=("g1",),
        keys_of=None,
        anonymous=None,
        pssst=None,
        listener=None,
        credentials_text=None,
        state=None,
        **more,
    ):
        self.gateway_private = {}
        entry = {**PSSST, **(listener or {})}
        if pssst:
            entry["pssst"] = pssst
        more["settings"] = {"shutdown_timeout": SHUTDOWN, **more.get("settings", {})}
        if state:
            more["settings"]["state_directory"] = str(state)
        text = credentials_text or self.ring(gateway_keys, names, keys_of, anonymous)
        super().__init__(backend, listeners=[entry], credentials=text, **more)

    def ring(self, gateway_keys, names, keys_of=None, anonymous=None):
        """The text of the credential file."""
        for key_id in gateway_keys:
            self.gateway_private.setdefault(key_id, key_for(f"gateway {key_id}"))
        devices = {}
        for name in names:
            devices[name] = {"public": "hex:" + public_of(device_private(name)).hex()}
            if keys_of and name in keys_of:
                devices[name]["gateway_key"] = keys_of[name]
        made = {
            "version": 1,
            "gateway_keys": [{"id": key, "private": "hex:" + self.gateway_private[key].hex()} for key in gateway_keys],
            "devices": devices,
        }
        if anonymous is not None:
            made["anonymous"] = anonymous
        return to_yaml(made)

    def public(self, key_id="g1"):
        return public_of(self.gateway_private[key_id])

    def client(self, name=None, key_id="g1", **options):
        """Of a device, or anonymous. It is closed when the daemon's block is left."""
        made = Client(self.port, self.public(key_id), device_private(name) if name else None, **options)
        self.opened.append(made)
        return made

    def results(self, result):
        return self.metric(REQUESTS, listener="air", result=result)

    def wait_result(self, result, wanted=1, deadline=10.0):
        return self.wait_metric(REQUESTS, wanted, deadline, listener="air", result=result)

    def restart(self, end=None):
        """Another process, after SIGTERM or whatever `end` does to the one before."""
        (end or self.terminate)()
        self.wait_exit()
        return self.start()

    def drops_silently(self, client, packet, result):
        """Posts a packet, which must be counted under this result and not be answered."""
        before = self.results(result)
        client.post(packet)
        self.wait_result(result, before + 1)
        expect_equal(client.take(0.05), None, f"an answer to {result}")


def device_private(name):
    return key_for(f"device {name}")
