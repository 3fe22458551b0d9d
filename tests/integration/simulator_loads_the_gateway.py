"""`gatehouse-sim load` runs many devices and reports what they did, as a table and as JSON, and the gateway agrees.

50 devices send for two seconds and get each message back; the JSON report and the gateway's own counters name the same
numbers of handshakes and messages, and nothing is missing.
"""

import json
import os

from support.backend import Backend
from support.daemon import Gatehouse, run_program
from support.expect import expect, expect_equal, run
from support.fleet import fleet

SIM = os.environ["GATEHOUSE_SIM"]
DEVICES = 50


def main():
    key = bytes(range(32))
    devices = dict.fromkeys(fleet(DEVICES), key)
    with Backend(echo=True) as backend, Gatehouse(backend, devices) as gate:
        options = ["--connect", f"127.0.0.1:{gate.port}", "--devices", str(DEVICES), "--psk", "hex:" + key.hex()]
        load = ["--message-rate", "5", "--duration", "2s", "--echo"]
        result = run_program("load", *options, *load, "--json", program=SIM, timeout=50.0)
        expect_equal(result.returncode, 0, f"exit status: {result.stderr}")
        report = json.loads(result.stdout)
        text = json.dumps(report)
        gate.wait_handshakes("ok", DEVICES)
        up = gate.metric("gatehouse_messages_total", listener="fleet", direction="up")
        expect(up >= DEVICES * 5, f"messages up: {up}")
        expect(str(int(up)) in text, f"the report names {int(up)} messages: {text}")
        expect_equal(gate.metric("gatehouse_messages_total", listener="fleet", direction="down"), up, "echoes")
        expect_equal(len(backend.select(type="data")), up, "messages at the backend")
        table = run_program("load", *options, "--message-rate", "1", "--duration", "1s", program=SIM, timeout=50.0)
        expect_equal(table.returncode, 0, f"exit status: {table.stderr}")
        for row in ("handshakes", "messages sent", "p99"):
            expect(row in table.stdout, f"the table has {row}: {table.stdout}")


run(main)
