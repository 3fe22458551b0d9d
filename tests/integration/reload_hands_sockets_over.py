"""A reload hands the sockets of a listener over to the listener that takes its place: no hello is lost, sessions that can go on do.

Over TCP and UDP: a listener is renamed, and two swap their names: sessions go on, under the new name. Two swap their
addresses, or their credentials are others: the sessions end with BYE, and the next hello, sent once, is answered. A port
changes from TCP to UDP and back. UDP promises nothing for the instant in which the kernel closes a socket: of all hellos over it one
may be lost, and its device gets in with the next. A listener moves between 127.0.0.1, 0.0.0.0 and [::], and each time its devices get in with
their first hello. What is removed is named. A UDP listener is removed and comes back while the sessions of before still say goodbye.
"""

import contextlib
import copy
import pathlib
import threading

from support.admin import admin_of
from support.backend import Backend
from support.changes import wait_closed, write_config
from support.chatter import Chatter
from support.daemon import Gatehouse
from support.datagram_rules import FixedClock
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet
from support.ports import free_port
from support.usmp_datagram_device import Undelivered
from support.usmp_device import Closed, TimedOut

ADDRESSES = ["127.0.0.1", "0.0.0.0", "[::]", "127.0.0.1", "[::]", "0.0.0.0", "127.0.0.1"]
PAIR = [{"name": "one"}, {"name": "two"}, {"name": "air1", "transport": "udp"}, {"name": "air2", "transport": "udp"}]


class PatientClock(FixedClock):
    """A hello that gets lost is not sent again before the test fails."""

    def timeout(self, transmission):
        return 10.0


class Scene:
    def __init__(self, gate, backend, spare):
        self.gate, self.backend, self.spare = gate, backend, list(spare)
        self.lost = []
        self.admin = admin_of(gate)

    def listener(self, name):
        return next(entry for entry in self.gate.config["listeners"] if entry["name"] == name)

    def port_of(self, name):
        return int(self.listener(name)["bind"].rsplit(":", 1)[1])

    def reload(self):
        write_config(self.gate)
        return self.admin.post("/v1/reload")["changes"]

    def connect(self, name, device_id):
        """With one hello."""
        if self.listener(name).get("transport") == "udp":
            return self.gate.connect_datagram(device_id, port=self.port_of(name), clock=PatientClock(), transmissions=1)
        return self.gate.connect(device_id, port=self.port_of(name))

    def visit(self, name, what):
        """A device that was not there before gets in at once, and the backend hears of it under the listener's name."""
        try:
            self._visit(name, what)
        except Undelivered:
            self.lost.append(what)
            expect(len(self.lost) <= 1, f"datagrams are lost: {self.lost}")
            self._visit(name, what)

    def _visit(self, name, what):
        device_id = self.spare.pop()
        with self.connect(name, device_id) as device:
            device.ping()
            record = self.backend.opened(device_id)
            expect_equal(record["listener"], name, f"{what}: the listener")
            device.bye()


def check_names(scene, devices):
    """Renamed, and swapped: the sessions go on, the next ones are under the new name."""
    inside = [scene.connect(name, device) for name, device in zip(("one", "air1"), devices)]
    with Chatter(*inside) as talk:
        for old, new in (("one", "fleet"), ("air1", "sky")):
            scene.listener(old)["name"] = new
            expect_equal(scene.reload(), [f'listener "{old}" renamed to "{new}"'], "changes")
            scene.visit(new, f"{old} renamed")
        for some, other in (("fleet", "two"), ("sky", "air2")):
            first, second = scene.listener(some), scene.listener(other)
            first["name"], second["name"] = other, some
            changes = scene.reload()
            expect_equal(len(changes), 2, f"changes of the swap: {changes}")
            scene.visit(some, "swapped names")
            scene.visit(other, "swapped names")
            first["name"], second["name"] = some, other
            scene.reload()
        shown = {one["name"]: one["sessions"] for one in scene.admin.get("/v1/status")["listeners"]}
        expect_equal((shown["fleet"], shown["sky"]), (1, 1), f"sessions in the status: {shown}")
        expect(scene.gate.metric("gatehouse_sessions", listener="sky") == 1, "sessions in the metrics")
    talk.check(scene.backend)
    for device in inside:
        device.bye()


def check_made_anew(scene, devices):
    """Other credentials, or the address of another: the sessions end, the sockets serve on."""
    scene.gate.config["credentials"]["second"] = {"file": "keys/fleet.yaml"}
    for name, device_id in zip(("fleet", "sky"), devices):
        device = scene.connect(name, device_id)
        session = scene.backend.opened(device_id)["session"]
        scene.listener(name)["credentials"] = "second"
        changes = scene.reload()
        expect(f'listener "{name}" made anew' in changes, f"changes: {changes}")
        scene.visit(name, "made anew")
        device.expect_bye()
        wait_closed(scene.backend, session, "admin")
    for some, other in (("fleet", "two"), ("sky", "air2")):
        first, second = scene.listener(some), scene.listener(other)
        first["bind"], second["bind"] = second["bind"], first["bind"]
        changes = scene.reload()
        expect_equal(sorted(changes), sorted(f'listener "{n}" made anew' for n in (some, other)), "changes")
        scene.visit(some, "swapped addresses")
        scene.visit(other, "swapped addresses")


def check_transports(scene):
    entry = scene.listener("two")
    for transport in ("udp", "tcp", "udp", "tcp"):
        entry["transport"] = transport
        expect_equal(scene.reload(), ['listener "two" made anew'], "changes")
        scene.visit("two", f"over {transport}")


def sockets_at(port):
    """How many sockets of this machine are bound to the port, or connected from it."""
    tables = [pathlib.Path(f"/proc/net/{table}").read_text() for table in ("tcp", "tcp6", "udp", "udp6")]
    rows = [line.split() for text in tables for line in text.splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] in ("0A", "07") for row in rows)


class Knocking:
    """A device that comes and goes all the while; a handshake that a reload falls into may fail."""

    def __init__(self, scene, name, device_id):
        self.scene, self.name, self.device_id = scene, name, device_id
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._knock, daemon=True)
        self.inside = 0

    def _knock(self):
        is_udp = self.scene.listener(self.name).get("transport") == "udp"
        kind = self.scene.gate.datagram_device if is_udp else self.scene.gate.device
        while not self.stopped.is_set():
            device = kind(self.device_id, port=self.scene.port_of(self.name), timeout=1.0)
            with contextlib.suppress(Undelivered, TimedOut, Closed):
                device.connect()
                self.inside += 1
            device.close()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join(20.0)


def check_addresses(scene, name, knocker):
    entry = scene.listener(name)
    port = scene.port_of(name)
    bound = sockets_at(port)
    with Knocking(scene, name, knocker) as knocking:
        for address in ADDRESSES * 3:
            entry["bind"] = f"{address}:{port}"
            scene.reload()
            scene.visit(name, f"{name} at {address}")
    expect(knocking.inside > 0, "a device came and went meanwhile")
    eventually(lambda: sockets_at(port) == bound, f"{name}: the sockets of before are closed", 40.0)
    scene.visit(name, "alone again")


def check_names_of_what_goes(scene):
    """What a reload removes is named, whatever it is."""
    config = scene.gate.config
    config["credentials"]["spare"] = {"file": "keys/fleet.yaml"}
    config["backends"]["spare"] = {"socket": "spare.sock"}
    expect_equal(sorted(scene.reload()), ['backend "spare" added', 'credentials "spare" added'], "changes")
    del config["credentials"]["spare"], config["backends"]["spare"]
    expect_equal(sorted(scene.reload()), ['backend "spare" removed', 'credentials "spare" removed'], "changes")


def check_return(scene, device_id):
    """The sessions of before are still being told goodbye: their device acknowledges nothing."""
    device = scene.connect("sky", device_id)
    session = scene.backend.opened(device_id)["session"]
    device.acknowledges = lambda kind: False
    entry = copy.deepcopy(scene.listener("sky"))
    scene.gate.config["listeners"].remove(scene.listener("sky"))
    expect_equal(scene.reload(), ['listener "sky" removed'], "changes")
    scene.gate.config["listeners"].append(entry)
    expect_equal(scene.reload(), ['listener "sky" added'], "changes")
    for _ in range(3):
        scene.visit("sky", "back again")
    device.acknowledges = lambda kind: True
    device.expect_bye()
    wait_closed(scene.backend, session, "admin")


def main():
    devices = fleet(120)
    names = list(devices)
    with Backend() as backend:
        gate = Gatehouse(backend, devices, listeners=PAIR)
        with gate:
            scene = Scene(gate, backend, names[20:])
            check_names(scene, names[0:2])
            check_made_anew(scene, names[2:4])
            check_names_of_what_goes(scene)
            check_transports(scene)
            for name in ("fleet", "sky"):
                check_addresses(scene, name, names[6])
            check_return(scene, names[4])
            check_return(scene, names[5])
            scene.listener("sky")["bind"] = f"127.0.0.1:{free_port()}"
            scene.reload()
            scene.visit("sky", "at another port")


run(main)
