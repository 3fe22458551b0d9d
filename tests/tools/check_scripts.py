#!/usr/bin/env python3
"""Checks that each script of packaging/ and .ci/run answers --help with its own name and does nothing, and refuses a word
that it does not know (exit status 2, on standard error) before it installs, configures or builds anything.

usage: check_scripts.py [--root FOLDER] | --self-test
"""

import argparse
import os
import subprocess
import tempfile
from pathlib import Path

import source

# What none of them may start by then
WORKERS = ("apt-get", "sudo", "dpkg-query", "cmake", "ctest", "ninja", "clang-format-14", "run-clang-tidy-14", "python3")


def scripts(root):
    found = [path for path in sorted((root / "packaging").iterdir()) if path.is_file() and os.access(path, os.X_OK)]
    return found + [path for path in [root / ".ci/run"] if path.exists()]


def run(script, word, folder):
    """The process, and which of the WORKERS it started."""
    traces = folder / "started"
    traces.unlink(missing_ok=True)
    for worker in WORKERS:
        stand_in = folder / worker
        stand_in.write_text(f"#!/bin/sh\necho {worker} >>{traces}\nexit 1\n")
        stand_in.chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    done = subprocess.run([script, word], capture_output=True, text=True, timeout=60, env=environment)
    return done, traces.read_text().split() if traces.exists() else []


def check(root):
    problems = []
    all_scripts = scripts(root)
    if not all_scripts:
        problems.append("no scripts found")
    with tempfile.TemporaryDirectory(prefix="gatehouse-scripts-") as directory:
        for script in all_scripts:
            name = str(script.relative_to(root))
            for word, status in (("--help", 0), ("-h", 0), ("--nonsense", 2), ("nonsense", 2)):
                if name == "packaging/lint" and word == "nonsense":
                    continue  # it takes names of files
                done, started = run(script, word, Path(directory))
                said = done.stdout if status == 0 else done.stderr
                if started:
                    problems.append(f"{name} {word} starts {', '.join(started)}")
                if done.returncode != status:
                    problems.append(f"{name} {word} exits with {done.returncode}, not {status}")
                if name not in said:
                    problems.append(f"{name} {word} does not say whose answer it is: {said!r}")
    return problems


def self_test():
    good = (
        '#!/bin/sh\ncase ${1:-} in -h|--help) echo "packaging/x: words";; *) echo "packaging/x: unknown" >&2; exit 2;; esac\n'
    )
    samples = [
        (good, []),
        (good.replace("exit 2", "exit 1"), ["exits with 1, not 2"]),
        (good.replace("-h|--help)", "--help)"), ["-h exits with 2"]),
        (good.replace("#!/bin/sh\n", "#!/bin/sh\ncmake --version >/dev/null\n"), ["starts cmake"]),
        (good.replace('"packaging/x: words"', "words"), ["does not say whose"]),
    ]
    problems = []
    for text, expected in samples:
        with tempfile.TemporaryDirectory(prefix="gatehouse-scripts-") as directory:
            script = Path(directory) / "packaging" / "x"
            script.parent.mkdir()
            script.write_text(text)
            script.chmod(0o755)
            found = check(Path(directory))
        if not expected:
            problems += [f"good sample refused: {p}" for p in found]
        problems += [f"expected '{e}', got {found}" for e in expected if not any(e in p for p in found)]
    with tempfile.TemporaryDirectory(prefix="gatehouse-scripts-") as directory:
        (Path(directory) / "packaging").mkdir()
        if not check(Path(directory)):
            problems.append("a tree without scripts was accepted")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=source.ROOT)
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        source.finish("check_scripts --self-test", self_test())
    source.finish("check_scripts", check(options.root))


if __name__ == "__main__":
    main()
