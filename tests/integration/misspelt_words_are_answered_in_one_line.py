"""A misspelt command or option is answered by all three programs with one line: the word, and the nearest one. Exit 2."""

import os

from support.daemon import binary, run_program
from support.expect import expect, expect_equal, run

CTL, SIM = os.environ["GATEHOUSECTL"], os.environ["GATEHOUSE_SIM"]
MISSPELT = [
    (SIM, ["sned"], "sned", "send"),
    (SIM, ["laod", "--devices", "3"], "laod", "load"),
    (SIM, ["send", "--conect", "127.0.0.1:1"], "--conect", "--connect"),
    (SIM, ["request", "--gateway-kye=hex:00"], "--gateway-kye", "--gateway-key"),
    (SIM, ["load", "--device", "3"], "--device", "--devices"),
    (CTL, ["stauts"], "stauts", "status"),
    (CTL, ["device", "lsit"], "device lsit", "device list"),
    (CTL, ["status", "--jsno"], "--jsno", "--json"),
    (binary(), ["--confg", "x.yaml"], "--confg", "--config"),
    (binary(), ["--config", "x.yaml", "--chekc"], "--chekc", "--check"),
]
# What is wrong in another way is one line too
WRONG = [
    (SIM, []),
    (SIM, ["send"]),
    (SIM, ["send", "--connect", "nowhere"]),
    (SIM, ["send", "--connect", "127.0.0.1:1", "--psk", "hex:0"]),
    (SIM, ["load", "--connect"]),
    (CTL, []),
    (CTL, ["device"]),
    (CTL, ["session", "close"]),
    (binary(), []),
    (binary(), ["gatehouse.yaml"]),
    (binary(), ["--config"]),
]


def said(program, words):
    done = run_program(*words, program=program)
    expect_equal(done.returncode, 2, f"exit status of {words}: {done.stderr}")
    expect_equal(done.stdout, "", f"standard output of {words}")
    expect_equal(done.stderr.count("\n"), 1, f"lines about {words}: {done.stderr!r}")
    expect(done.stderr.startswith(os.path.basename(program) + ": "), f"who says it: {done.stderr!r}")
    return done.stderr


def main():
    for program, words, wrong, right in MISSPELT:
        line = said(program, words)
        expect(wrong in line and f"did you mean {right}?" in line, f"{words}: {line!r}")
    for program, words in WRONG:
        expect("help" in said(program, words), f"{words} points to the help")
    for words in (["--help"], ["help"], ["send", "--help"], ["send", "--connect", "127.0.0.1:1", "--help"]):
        helped = run_program(*words, program=SIM)
        expect_equal((helped.returncode, helped.stderr), (0, ""), f"gatehouse-sim {words}")
        expect("--connect HOST:PORT" in helped.stdout, f"gatehouse-sim {words} explains: {helped.stdout!r}")


run(main)
