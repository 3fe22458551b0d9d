"""The same keyed sets loaded again while SPP sessions talk and PSSST devices ask: none ends, and no message is lost.

Several times each: the file is written anew as it was; with other words for the same (base64 for hex, other windows that
are open); with another device; by SIGHUP and by POST /v1/reload. Each message arrives once and in order, each request is
answered, and the gateway keys are still the same ones to the devices.
"""

import base64
import signal
import threading

from support.admin import admin_of
from support.backend import Backend
from support.changes import FAILING, RELOADS, reloading, replace
from support.chatter import Chatter
from support.expect import expect, expect_equal, run
from support.keyed_gate import METERS, SENSORS, KeyedGate, gateway_private, keyed_text

METER_NAMES = [f"meter-{number}" for number in range(20)]
SENSOR_NAMES = ["sensor-1", "sensor-2"]
ROUNDS = 4


def other_words(kind, names):
    """The same keys: the gateway's in base64, with a window that is open."""
    text = keyed_text(kind, names, {"g1": {"not_before": "2020-01-01T00:00:00Z", "not_after": "2099-01-01T00:00:00Z"}})
    private = gateway_private(kind, "g1")
    written = text.replace("hex:" + private.hex(), "base64:" + base64.b64encode(private).decode())
    expect(written != text, "the key is written in another way")
    return written


def keep_asking(client, stopped, counts, failures):
    try:
        while not stopped.wait(0.05):
            word = b"question %d" % counts[client]
            expect_equal(client.ask(word), word, "the reply")
            counts[client] += 1
    except Exception as error:
        failures.append(error)


def reload_all_ways(gate, admin):
    for number in range(ROUNDS):
        for kind, names in ((METERS, METER_NAMES), (SENSORS, SENSOR_NAMES)):
            for text in (
                keyed_text(kind, names) + f"# written again {number}\n",
                other_words(kind, names),
                keyed_text(kind, [*names, f"{kind}-visitor-{number}"]),
            ):
                with reloading(gate):
                    replace(gate.file_of(kind), text)
        admin.post("/v1/reload")
        with reloading(gate):
            gate.signal(signal.SIGHUP)


def main():
    names = {METERS: METER_NAMES, SENSORS: SENSOR_NAMES}
    with Backend(echo=True) as backend, KeyedGate(backend, names) as gate:
        devices = [gate.device(name).connect(first=None) for name in METER_NAMES]
        stopped, failures, counts = threading.Event(), [], {gate.client(name): 0 for name in SENSOR_NAMES}
        asking = [
            threading.Thread(target=keep_asking, args=(client, stopped, counts, failures), daemon=True)
            for client in counts
        ]
        for thread in asking:
            thread.start()
        with Chatter(*devices, pause=0.05) as talk:
            reload_all_ways(gate, admin_of(gate))
        stopped.set()
        for thread in asking:
            thread.join(10.0)
        expect_equal(failures, [], "requests that failed")
        expect(min(counts.values()) >= ROUNDS, f"requests while it happened: {list(counts.values())}")
        talk.check(backend)
        for device in devices:
            echoes = [device.recv() for _ in range(talk.sent)]
            expect_equal(echoes, [b"%d" % number for number in range(talk.sent)], f"echoes for {device.device_id}")
        ended = backend.select(lambda r: r["device"] in METER_NAMES, type="close")
        expect_equal(ended, [], "SPP sessions that ended")
        cut = backend.select(lambda r: r["reason"] != "done", type="close")
        expect_equal(cut, [], "requests that were cut")
        expect_equal((gate.metric(RELOADS, result="failed"), gate.metric(FAILING)), (0, 0), "reloads that failed")
        print(f"{talk.sent} messages of each session, {sum(counts.values())} requests")


run(main)
