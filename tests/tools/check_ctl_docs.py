#!/usr/bin/env python3
"""Checks that docs/reference/gatehousectl.md has a heading for every command of `gatehousectl help`, names each of its
options there, and knows no others.

usage: check_ctl_docs.py --program FILE [--root FOLDER] | --self-test
"""

import argparse
import re
import subprocess
from pathlib import Path

import source

PAGE = "docs/reference/gatehousectl.md"
COMMAND = re.compile(r"^  ([a-z][a-z-]*(?: [a-z][a-z-]*)?)(?= [A-Z\[]| {2})", re.MULTILINE)
OPTION = re.compile(r"^  (--[a-z-]+)", re.MULTILINE)


def commands_of(help_text):
    return COMMAND.findall(help_text.partition("Every command takes")[0])


def sections_of(page):
    """{heading of the third level: its text}. A section without text belongs to the one behind it."""
    parts = re.split(r"^### (.*)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], (part.split("\n## ")[0] for part in parts[2::2])))


def check(page, help_of):
    commands = commands_of(help_of(""))
    sections = sections_of(page)
    problems = [] if commands else ["gatehousectl help lists no commands"]
    everywhere = set(OPTION.findall(help_of("").partition("Every command takes")[2]))
    for name in sorted(set(sections) - set(commands)):
        problems.append(f"{PAGE}: {name} is no command of gatehousectl")
    for name in commands:
        if name not in sections:
            problems.append(f"{PAGE}: no heading '### {name}'")
            continue
        for option in OPTION.findall(help_of(name)):
            shared = option in everywhere or option == "--credentials"
            if option not in (page if shared else sections[name]):
                problems.append(f"{PAGE}: {name} takes {option}, which its section does not name")
    return problems


def self_test():
    helps = {
        "": "usage\n\n  one               the first\n  two part DEVICE   the second\n\nEvery command takes\n  --json  x\n",
        "one": "usage\n  --json  x\n",
        "two part": "usage\n  --own VALUE  y\n  --json  x\n",
    }
    good = "# x\n`--json`\n### one\ntext\n### two part\n`--own`\n## more\n"
    problems = [f"good sample refused: {p}" for p in check(good, helps.get)]
    for bad, expected in (
        (good.replace("### one\n", ""), "no heading '### one'"),
        (good.replace("`--own`", ""), "two part takes --own"),
        (good.replace("`--json`", ""), "one takes --json"),
        (good + "### three\n", "three is no command"),
    ):
        found = check(bad, helps.get)
        if not any(expected in problem for problem in found):
            problems.append(f"expected '{expected}', got {found}")
    if not check(good, lambda name: ""):
        problems.append("a program without commands was accepted")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=source.ROOT)
    parser.add_argument("--program", type=Path)
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        source.finish("check_ctl_docs --self-test", self_test())

    def help_of(name):
        words = [str(options.program), "help", *name.split()]
        return subprocess.run(words, capture_output=True, text=True, check=True, timeout=30).stdout

    source.finish("check_ctl_docs", check((options.root / PAGE).read_text(encoding="utf-8"), help_of))


if __name__ == "__main__":
    main()
