"""`localhost` and the names of interfaces stand for addresses in `bind`, host names in `--connect` of the simulator.

A listener at `lo:PORT` and one at `localhost:PORT` serve at 127.0.0.1; the log and the status say both the name and the
address. A name that is no interface of this machine is refused with those that are, by `--check` and by the start alike;
so is one for two listeners that mean the same address.
"""

import os

from support.admin import admin_of
from support.backend import Backend
from support.check import CONFIG, check
from support.daemon import Gatehouse, run_program
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet
from support.ports import free_port
from support.yaml_text import to_yaml

SIM = os.environ["GATEHOUSE_SIM"]


def check_configurations():
    for bind in ("lo:0", "localhost:0", "[::1]:0"):
        result = check(CONFIG.replace('bind: "127.0.0.1:0"\n    cred', f'bind: "{bind}"\n    cred'))
        expect_equal(result.code, 0, f"--check with {bind}: {result.output}")
    result = check(CONFIG.replace('metrics: {bind: "127.0.0.1:0"}', 'metrics: {bind: "lo:0"}'))
    expect_equal(result.code, 0, f"--check with metrics at lo: {result.output}")
    for bind, words in (
        ("eth99:9000", ["eth99", "it has", "lo"]),
        ("gateway.example:9000", ["gateway.example", "interface"]),
        ("lo", ["port"]),
        ("300.0.0.1:9000", ["IP:PORT"]),
    ):
        result = check(CONFIG.replace('bind: "127.0.0.1:0"\n    cred', f'bind: "{bind}"\n    cred'))
        expect_equal(result.code, 1, f"--check with {bind}: {result.output}")
        complaint = result.complaints[0]
        expect_equal(complaint.line, CONFIG[: CONFIG.index("bind")].count("\n") + 1, f"the line of {bind}")
        expect(all(word in complaint.text for word in words), f"what is said of {bind}: {complaint.text}")
    port = free_port()
    twice = CONFIG.replace('bind: "127.0.0.1:0"\n    cred', f'bind: "lo:{port}"\n    cred').replace(
        'metrics: {bind: "127.0.0.1:0"}', f'metrics: {{bind: "127.0.0.1:{port}"}}'
    )
    result = check(twice)
    expect_equal(result.code, 1, f"--check with one address twice: {result.output}")


def check_start_says_the_same():
    with Backend() as backend:
        gate = Gatehouse(backend, fleet(1), listener={"bind": "eth99:9000"})
        checked = run_program("--check", "--config", gate.config_file)
        started = run_program("--config", gate.config_file)
        expect_equal((checked.returncode, started.returncode), (1, 1), "exit status")
        expect_equal(started.stderr, checked.stderr, "what the start says")


def send(gate, host, *more):
    words = ["send", "--connect", f"{host}:{gate.ports['fleet']}", "--device", ONE, "--expect-reply", *more]
    return run_program(*words, "--psk", "hex:" + gate.key(ONE).hex(), program=SIM)


def main():
    check_configurations()
    check_start_says_the_same()
    port = free_port()
    metrics = {"metrics": {"bind": f"lo:{free_port()}"}}
    with Backend(echo=True) as backend:
        gate = Gatehouse(backend, fleet(1), listeners=[{"name": "fleet"}, {"name": "air", "transport": "udp"}], settings=metrics)
        gate.config["listeners"][0]["bind"] = f"lo:{gate.ports['fleet']}"
        gate.config["listeners"][1]["bind"] = f"localhost:{gate.ports['air']}"
        gate.config_file.write_text(to_yaml(gate.config))
        with gate:
            for host in ("127.0.0.1", "localhost"):
                done = send(gate, host)
                expect_equal(done.returncode, 0, f"a device that connects to {host}: {done.stderr}")
                expect(host != "localhost" or "localhost is 127.0.0.1:" in done.stderr, f"it says where: {done.stderr}")
            nowhere = send(gate, "nowhere.invalid")
            expect_equal(nowhere.returncode, 1, f"exit status for a host that is not known: {nowhere.stderr}")
            expect("nowhere.invalid" in nowhere.stderr, f"which host: {nowhere.stderr}")
            listeners = {each["name"]: each for each in admin_of(gate).get("/v1/status")["listeners"]}
            for name, interface in (("fleet", "lo"), ("air", "localhost")):
                expect_equal(
                    (listeners[name]["address"], listeners[name]["bind"]),
                    (f"127.0.0.1:{gate.ports[name]}", f"{interface}:{gate.ports[name]}"),
                    f"the status of {name}",
                )
            bound = {each["listener"]: each for each in gate.log_records("listening")}
            expect_equal(bound["fleet"]["bind"], f"lo:{gate.ports['fleet']}", "the log of the listener")
            expect(bound["metrics"]["address"].startswith("127.0.0.1:"), f"where the metrics are: {bound['metrics']}")


run(main)
