"""Sessions that began together do not end together: `max_session_age` is up to a tenth shorter for each, never longer.

Thirty sessions of USMP over TCP, UDP and SPP begin at the same moment with a limit of 10 s: all end with `age`, none
before 9 s or after 10, and they are spread over that last second.
"""

import time

from support.backend import Backend
from support.daemon import Gatehouse, write_secret
from support.expect import eventually, expect, run
from support.fleet import device_name, fleet
from support.spp_device import SppDevice, identity_of
from support.spp_gate import gateway_seed, seed_of, spp_credentials

EACH = 10
GOODBYE = 2.0  # over UDP: so long the gateway repeats BYE for a device that does not listen
AGE, LATEST = 10.0, 11.5  # the backend's records and this machine take their time
LISTENERS = [
    {"name": "fleet", "max_session_age": "10s"},
    {"name": "air", "max_session_age": "10s", "transport": "udp"},
    {"name": "meters", "max_session_age": "10s", "protocol": "spp", "credentials": "meters"},
]
SETS = {"fleet": {"file": "keys/fleet.yaml"}, "meters": {"file": "keys/meters.yaml"}}
METERS = [f"meter-{number}" for number in range(EACH)]


def connect_all(gate):
    """{device: when its session began, at the latest}"""
    began = {}
    for number in range(1, EACH + 1):
        gate.connect(device_name(number))
        began[device_name(number)] = time.monotonic()
        gate.connect_datagram(device_name(EACH + number), port=gate.ports["air"])
        began[device_name(EACH + number)] = time.monotonic()
        meter = METERS[number - 1]
        device = SppDevice(gate.ports["meters"], seed_of(meter), identity_of(gateway_seed("g1")))
        gate.opened.append(device)
        device.device_id = meter
        device.connect()
        began[meter] = time.monotonic()
    return began


def main():
    devices = fleet(2 * EACH)
    with Backend() as backend:
        gate = Gatehouse(backend, devices, listeners=LISTENERS, settings={"credentials": SETS})
        write_secret(gate.credential_file.with_name("meters.yaml"), spp_credentials(METERS))
        with gate:
            before = time.monotonic()
            began = connect_all(gate)
            ended = {}

            def all_have_ended():
                for record in backend.select(type="close", reason="age"):
                    ended.setdefault(record["device"], time.monotonic())
                return len(ended) == len(began)

            eventually(all_have_ended, "every session ends by its age", 3 * AGE, interval=0.005)
            lasted = {name: when - began[name] for name, when in ended.items()}
            slack = max(began.values()) - before
            expect(min(lasted.values()) >= 0.9 * AGE - slack, f"the shortest: {min(lasted.values()):.2f} s")
            streams = [device_name(number) for number in range(1, EACH + 1)]
            datagrams = [device_name(EACH + number) for number in range(1, EACH + 1)]
            for kind, goodbye in ((METERS, 0), (streams, 0), (datagrams, GOODBYE)):
                ages = sorted(lasted[name] for name in kind)
                expect(ages[-1] <= LATEST + goodbye + slack, f"the longest: {ages[-1]:.2f} s")
                expect(ages[-1] - ages[0] > 0.2, f"they end apart: {ages}")


run(main)
