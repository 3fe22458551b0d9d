"""Reloads while two hundred sessions send: no session ends and no message is lost, whoever asks for how many at once.

170 sessions over TCP and 30 over UDP send without a pause. Meanwhile credentials change ten times (devices come and go,
each change brings a key id that was never there), the configuration is loaded anew by several administrators at once and
by SIGHUP, and others keep asking for lists of sessions and keys. All of the reloads succeed, and at the end each session
is there and each message has arrived once and in order.
"""

import concurrent.futures
import signal
import threading

from support.admin import Admin, admin_of
from support.backend import Backend
from support.changes import FAILING, RELOADS, TCP_AND_UDP, change_credentials, connect_udp
from support.chatter import Chatter
from support.daemon import Gatehouse, psk_entry
from support.expect import eventually, expect, expect_equal, run
from support.fleet import device_name, fleet, key_for

STREAMS, DATAGRAMS = 170, 30
ROUNDS, CLIENTS = 10, 4
PATHS = ("/v1/sessions?limit=1000", "/v1/keys", "/v1/status", "/v1/devices?limit=1000", "/v1/credentials")


def keep_asking(path, stopped, failures):
    admin = Admin(path, timeout=30.0)
    try:
        while not stopped.wait(0.05):
            for one in PATHS:
                admin.get(one)
    except Exception as error:
        failures.append(error)


def reload_at_once(gate, pool):
    admin = Admin(admin_of(gate).path, timeout=30.0)
    asked = [pool.submit(admin.post, "/v1/reload") for _ in range(CLIENTS)]
    gate.signal(signal.SIGHUP)
    return [one.result(20.0)["generation"] for one in asked]


def visits(gate, name):
    device = gate.device(name)
    if device.is_refused():
        return False
    device.bye()
    return True


def main():
    devices = fleet(STREAMS + DATAGRAMS)
    names = list(devices)
    with Backend() as backend, Gatehouse(backend, devices, listeners=TCP_AND_UDP) as gate:
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            streams = [gate.connect(name, timeout=30.0) for name in names[:STREAMS]]
            datagrams = [connect_udp(gate, name, timeout=30.0) for name in names[STREAMS:]]
            stopped, failures = threading.Event(), []
            asking = threading.Thread(target=keep_asking, args=(admin_of(gate).path, stopped, failures), daemon=True)
            asking.start()
            highest = 0
            with Chatter(*streams, pause=0.05) as talk, Chatter(*datagrams, pause=0.05) as flight:
                for number in range(ROUNDS):
                    visitor = device_name(5000 + number)
                    key = key_for(visitor)
                    change_credentials(gate, {**devices, visitor: {"psk": [psk_entry(key, f"round-{number}")]}})
                    # A signal of the round before may be answered first: its reload still had the old file.
                    eventually(lambda name=visitor: visits(gate, name), "the new device gets in", 20.0)
                    generations = reload_at_once(gate, pool)
                    expect(min(generations) > highest, f"generations grow: {generations} after {highest}")
                    highest = max(generations)
            stopped.set()
            asking.join(20.0)
        expect_equal(failures, [], "questions that failed")
        talk.check(backend)
        flight.check(backend)
        print(f"{talk.sent} and {flight.sent} messages of each session")
        gate.wait_metric("gatehouse_sessions", STREAMS, listener="fleet")
        gate.wait_metric("gatehouse_sessions", DATAGRAMS, listener="air")
        visitors = {device_name(5000 + number) for number in range(ROUNDS)}
        ended = {record["device"] for record in backend.select(type="close")}
        expect(ended <= visitors, f"sessions that ended: {ended - visitors}")
        expect_equal(gate.metric(RELOADS, result="failed"), 0, "reloads that failed")
        expect_equal(gate.metric(FAILING), 0, "failing")


run(main)
