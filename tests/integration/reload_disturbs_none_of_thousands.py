"""Reloads while three thousand sessions send: none of them ends, and each message comes back once.

2000 devices over TCP and 1000 over UDP, each with a message every second or so that the backend sends back. Meanwhile
devices come and go in the credential file and the configuration is loaded anew, over and over.
"""

import json
import os
import signal
import subprocess

from support.backend import Backend
from support.changes import FAILING, RELOADS, TCP_AND_UDP, change_credentials, reloading
from support.daemon import Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import device_name, key_for

SIM = os.environ["GATEHOUSE_SIM"]
KEY = bytes(range(32))
STREAMS, DATAGRAMS = 2000, 1000
RATE, SECONDS = 0.7, 12


def load(transport, port, devices, first):
    """The simulator with so many devices, which send for a while and end by themselves."""
    return subprocess.Popen(
        [SIM, "load", "--transport", transport, "--connect", f"127.0.0.1:{port}", "--devices", str(devices),
         "--first-device", first, "--psk", "hex:" + KEY.hex(), "--message-rate", str(RATE),
         "--duration", f"{SECONDS}s", "--echo", "--json"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def check(process, devices):
    report = json.loads(process.communicate(timeout=50.0)[0])
    expect_equal(process.returncode, 0, f"exit status; {report}")
    expect_equal(report["sessions_lost"], 0, "sessions that the devices lost")
    expect_equal(report["echo"]["missing"], 0, "messages that did not come back")
    expect(report["messages"]["sent"] > devices * RATE * SECONDS / 2, f"messages: {report['messages']}")
    expect_equal(report["messages"]["received"], report["messages"]["sent"], "messages that came back")


def main():
    with Backend(echo=True) as backend:
        with Gatehouse(backend, {"*": KEY}, listeners=TCP_AND_UDP, settings={"log": {"level": "warn"}}) as gate:
            streams = load("tcp", gate.ports["fleet"], STREAMS, "02:00:00:00:00:01")
            datagrams = load("udp", gate.ports["air"], DATAGRAMS, "02:01:00:00:00:01")
            gate.wait_metric("gatehouse_sessions", STREAMS, 40.0, listener="fleet")
            gate.wait_metric("gatehouse_sessions", DATAGRAMS, 40.0, listener="air")
            before = gate.metric(RELOADS, result="ok")
            rounds = 0
            while streams.poll() is None and datagrams.poll() is None and rounds < 15:
                rounds += 1
                visitor = device_name(7000 + rounds)
                change_credentials(gate, {"*": KEY, visitor: key_for(visitor)})
                gate.connect(visitor).bye()
                with reloading(gate):
                    gate.signal(signal.SIGHUP)
            expect(rounds >= 5, f"reloads while they sent: {rounds}")
            check(streams, STREAMS)
            check(datagrams, DATAGRAMS)
            expect_equal(gate.metric(RELOADS, result="failed"), 0, "reloads that failed")
            expect(gate.metric(RELOADS, result="ok") >= before + 2 * rounds, "reloads that were done")
            expect_equal(gate.metric(FAILING), 0, "failing")
            eventually(lambda: gate.metric("gatehouse_sessions") == 0, "all have ended", 20.0)
            cut = [r for r in backend.select(type="close") if r["reason"] not in ("bye", "eof")]
            expect_equal(cut, [], "sessions that ended for another reason")
            print(f"{rounds} rounds of two reloads")


run(main)
