#!/usr/bin/env python3
"""Shows that the CMake target header_check finds a header of lib/ that does not compile alone.

The lint preset builds that target for the tree itself.
"""

import os
import subprocess
import tempfile
from pathlib import Path

import source

PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(sample CXX)
set(CMAKE_CXX_STANDARD 20)
include({module})
gatehouse_header_check()
"""


def build(folder):
    """Builds the target; (exit code, what it printed)."""
    jobs = str(os.cpu_count() or 1)
    done = subprocess.run(["cmake", "--build", str(folder), "--target", "header_check", "-j", jobs],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def self_test():
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "lib/base").mkdir(parents=True)
        (root / "CMakeLists.txt").write_text(PROJECT.format(module=source.ROOT / "packaging/cmake/header_check.cmake"))
        good = "#pragma once\n#include <string>\ninline std::string name() { return {}; }\n"
        samples = [
            ("good.h", good, 0, "a good header was refused"),
            ("hungry.h", "#pragma once\ninline std::string hungry() { return {}; }\n", 1, "a header without its includes was accepted"),
            ("unguarded.h", "struct unguarded {};\n", 1, "a header without #pragma once was accepted"),
        ]
        for name, text, expected, complaint in samples:
            path = root / "lib/base" / name
            path.write_text(text)
            configured = subprocess.run(["cmake", "-G", "Ninja", "-S", folder, "-B", f"{folder}/out"],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if configured.returncode != 0:
                return [configured.stdout]
            code, output = build(f"{folder}/out")
            if (code != 0) != bool(expected) or (expected and name not in output):
                problems.append(f"{complaint}\n{output}")
            path.unlink()
    return problems


if __name__ == "__main__":
    source.finish("check_headers", self_test())
