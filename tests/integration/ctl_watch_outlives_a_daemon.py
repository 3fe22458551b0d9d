"""`--watch` on a pipe appends sample after sample, with rates from the second on, says when the daemon goes away and
comes back, and ends with 0 at an interrupt. Without a daemon at the start it fails at once.
"""

import json
import signal
import subprocess
import threading

from support.expect import eventually, expect, expect_equal, run
from support.fake_admin import FakeAdmin


class Status:
    def __init__(self):
        self.messages = 0

    def __call__(self, request):
        self.messages += 1000
        listener = {"name": "fleet", "messages": {"up": self.messages, "down": 0}, "handshakes": {"ok": 1}}
        return {"state": "serving", "uptime": 12, "listeners": [listener]}




def start(admin, *words):
    arguments = admin.arguments(*words)
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    lines = []
    pump = threading.Thread(target=lambda: [lines.append(line) for line in process.stdout], daemon=True)
    said = []
    more = threading.Thread(target=lambda: [said.append(line) for line in process.stderr], daemon=True)
    pump.start()
    more.start()
    return process, lines, said


def main():
    with FakeAdmin({("GET", "/v1/status"): Status()}) as admin:
        process, lines, said = start(admin, "status", "--watch", "0.2")
        eventually(lambda: sum("gatehouse" in line for line in lines) >= 3, "three samples")
        expect(not any("\x1b" in line for line in lines), "nothing for terminals")
        rates = [line.split()[-2] for line in lines if line.startswith("fleet")]
        expect(rates[0] == "-" and float(rates[1]) > 100, f"rates need two samples: {rates}")
        admin.stop()
        eventually(lambda: any("trying again" in line for line in said), "it says that the daemon is away")
        count = len(lines)
        admin.start()
        eventually(lambda: any("back" in line for line in said), "it says that the daemon is back")
        eventually(lambda: len(lines) > count, "samples go on")
        expect_equal(sum("trying again" in line for line in said), 1, "said once")
        process.send_signal(signal.SIGINT)
        expect_equal(process.wait(10), 0, "exit status after an interrupt")

        process, lines, _ = start(admin, "status", "--json", "--watch=0.2")
        eventually(lambda: len(lines) >= 2, "two documents")
        process.terminate()
        process.wait(10)
        expect_equal(json.loads(lines[1])["state"], "serving", "one document a line")
        admin.stop()
        expect_equal(admin.run("status", "--watch").returncode, 1, "exit status without a daemon")


run(main)
