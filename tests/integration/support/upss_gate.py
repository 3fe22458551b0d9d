"""A daemon with one UPSS listener called "fleet", and devices that talk to it."""

import json

from .daemon import Gatehouse
from .expect import eventually, expect, expect_equal
from .upss_device import StockDevice, Wire

DEVICE = "anonymous"  # what the protocol's devices are called
ERROR, OK = {"status": "ERROR"}, {"status": "OK"}


class UpssGate(Gatehouse):
    """`options` go into the listener's section of the protocol, `listener` beside it."""

    def __init__(self, backend, *, options=None, listener=None, **more):
        entry = {"name": "fleet", "protocol": "upss", **(listener or {})}
        if options:
            entry["upss"] = options
        super().__init__(backend, listeners=[entry], **more)

    def _listener(self, entry):
        made = super()._listener(entry)
        if made["protocol"] == "upss":
            del made["credentials"]  # it has none
        return made

    def upss_device(self, *arguments, **options):
        """One that is not connected yet."""
        made = StockDevice(self.port, *arguments, **options)
        self.opened.append(made)
        return made

    def connected(self, *arguments, **options):
        return self.upss_device(*arguments, **options).connect()

    def wire(self):
        made = Wire(self.port)
        self.opened.append(made)
        return made

    def wait_refused(self, result, detail):
        """A handshake was refused like this."""
        self.wait_handshakes(result, lambda count: count > 0)
        return eventually(
            lambda: [one for one in self.log_records("handshake refused", reason=result) if detail in one["detail"]],
            f"a refusal that says {detail!r}",
        )[-1]

    def expect_alive(self):
        """Whatever somebody did, the next device is served."""
        expect_equal(self.connected().talk("are you there"), "are you there", "the echo for the next device")


def repeat(gate, packages, answers):
    """Sends recorded packages in their order, waiting for an answer behind those at `answers`; what was answered."""
    wire = gate.wire()
    told = []
    for number, one in enumerate(packages):
        wire.send(one)
        if number in answers:
            try:
                told.append(wire.take())
            except (ConnectionError, json.JSONDecodeError) as error:
                told.append(error)
                break
    expect(told, "something was waited for")
    return told
