#!/usr/bin/env python3
"""Checks that the programs of a release build are small, and that their debug information is found where it stands apart.

usage: check_debug_apart.py --program FILE [--program FILE...] | --self-test
"""

import argparse
import re
import subprocess
from pathlib import Path

import source

MOST = 8 << 20  # bytes of a program


def output(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=120).stdout


def check(program):
    name = program.name
    problems = []
    if program.stat().st_size > MOST:
        problems.append(f"{name} has {program.stat().st_size} bytes, more than {MOST}")
    if ".debug_info" in output("readelf", "--wide", "--sections", program):
        problems.append(f"{name} has debug information in it")
    if not (program.parent / ".debug" / f"{name}.debug").exists():
        problems.append(f"there is no .debug/{name}.debug beside it")
    main = re.search(r"^([0-9a-f]+) T main$", output("nm", program), re.MULTILINE)
    if not main:
        problems.append(f"{name} has no symbols, so that a backtrace of it alone names nothing")
    elif not re.search(r"main\.cpp:\d+", output("addr2line", "-e", program, main.group(1))):
        problems.append(f"addr2line finds no line for main of {name}")
    return problems


def self_test():
    found = check(Path("/bin/true").resolve())
    expected = ("there is no .debug/true.debug", "has no symbols")
    return [f"expected '{words}', got {found}" for words in expected if not any(words in problem for problem in found)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, action="append", default=[])
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        source.finish("check_debug_apart --self-test", self_test())
    source.finish("check_debug_apart", [problem for program in options.program for problem in check(program)])


if __name__ == "__main__":
    main()
