#!/usr/bin/env python3
"""Checks that each folder includes only the folders and the libraries that it may.

usage: check_layers.py [--root FOLDER] | --self-test
"""

import argparse
import fnmatch
import re
import tempfile
from pathlib import Path

import source

BELOW_NET = "base wire crypto identity protocol backend gateway metrics config admin"

# folder: the folders that it may include besides itself
FOLDERS = {
    "base": "",
    "wire": "base",
    "crypto": "base",
    "identity": "base crypto",
    "protocol": "base wire crypto identity",
    "backend": "base wire",
    "store": "base crypto identity",
    "gateway": "base wire crypto identity protocol backend",
    "metrics": "base",
    "config": "base identity",
    "admin": "base",
    "device": "base wire crypto identity protocol",
    "net": BELOW_NET,
    "modules": BELOW_NET + " net",
    "daemon": BELOW_NET + " device net modules store",
}

# include prefix: the files (patterns) that may use it; everybody else may not
LIBRARIES = {
    "boost/assert/": ["lib/base/*"],  # source_location, which Boost.System hands to result's error hook
    "boost/system/": ["lib/base/*", "lib/net/*", "daemon/*"],
        "boost/pool/": ["lib/base/*"],
    "blake2.h": ["lib/crypto/*"],
    "boost/json": ["lib/admin/*", "lib/backend/*", "lib/protocol/array_crypto/handshake_body.cpp", "lib/protocol/upss/package_reader.cpp", "lib/device/array_crypto_device.cpp", "daemon/*"],
    "boost/unordered": ["lib/backend/*", "lib/gateway/*", "lib/modules/*", "lib/net/*", "daemon/*"],
    "boost/circular_buffer": ["lib/backend/*"],
    "boost/intrusive/": ["lib/gateway/*", "lib/net/*"],
    "boost/container/": ["lib/gateway/*", "daemon/*"],
    "boost/asio/buffer.hpp": ["lib/net/*", "lib/protocol/array_crypto/request.cpp", "lib/device/array_crypto_device.cpp", "daemon/*"],
    "boost/asio": ["lib/net/*", "daemon/*"],
    "boost/beast": ["lib/net/http_connection.h", "lib/net/http_server.cpp", "lib/protocol/array_crypto/request.cpp", "lib/device/array_crypto_device.cpp", "daemon/ctl/admin_client.cpp"],
    "boost/": [],
    "openssl/": ["lib/crypto/*"],
    "prometheus/": ["lib/metrics/exposition.cpp"],
    "yaml-cpp/": ["lib/config/*.cpp"],
    "sqlite3.h": ["lib/store/*.cpp"],
    "spdlog/": ["lib/net/log.cpp", "lib/net/stderr_sink.*"],
    "fmt/": ["lib/net/log.cpp"],
    "systemd/": ["daemon/*"],
    "gtest/": [],
    "gmock/": [],
    "benchmark/": [],
}

# Sockets and threads belong to the top: everything below takes bytes, time and randomness as arguments.
ONLY_ON_TOP = {
    "sys/socket.h", "sys/epoll.h", "poll.h", "netdb.h",
    "thread", "mutex", "shared_mutex", "condition_variable", "future", "iostream",
}
TOP = ("lib/net/", "lib/modules/", "daemon/")
# The admission ledgers are shared between workers (docs/decisions/0005), and so are the long names of devices
# (lib/identity/device_names.h), where devices of SPP were seen (lib/protocol/spp/source_hints.h), how those of USMP 0.2 and
# 0.3 are told apart (lib/protocol/usmp/legacy_hints.h), what those of Array-Crypto were told
# (lib/protocol/array_crypto/pair_table.h), and what a gateway key of PSSST has accepted. The reader of files, which reads with the system's calls, waits for pipes.
ALLOWED_BELOW = {
    ("lib/config/file_text.cpp", "poll.h"),
    ("lib/gateway/admission.h", "mutex"), ("lib/gateway/device_rates.h", "mutex"),
    ("lib/identity/device_names.cpp", "mutex"), ("lib/protocol/spp/source_hints.h", "mutex"),
    ("lib/protocol/array_crypto/pair_table.h", "mutex"), ("lib/protocol/usmp/legacy_hints.h", "mutex"),
    ("lib/protocol/pssst/replay_filter.h", "mutex"),
}
# Whatever differs from one protocol to another stands in its module (docs/decisions/0016).
PROTOCOL = re.compile(r"usmp|(?<![a-z])u?spp(?![a-z])|upss|pssst|array[_-]crypto", re.IGNORECASE)
WITHOUT_PROTOCOLS = re.compile(r"lib/(?:config|net)/|daemon/[^/]*$")
GENERATED = {"version.h"}  # written by CMake for daemon/

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


def folder_of(path):
    parts = path.split("/")
    return parts[1] if parts[0] == "lib" else parts[0]


def library_problem(path, target):
    for prefix, allowed in LIBRARIES.items():
        if target.startswith(prefix):
            if any(fnmatch.fnmatch(path, pattern) for pattern in allowed):
                return None
            return f"<{target}> may be included only by " + (", ".join(allowed) or "tests, or after a line in check_layers.py")
    return None


def folder_problem(root, path, target):
    folder, target_folder = folder_of(path), target.split("/")[0]
    if ".." in target.split("/"):
        return f'"{target}": write includes from lib/ (folder/file.h), not relative'
    if folder == "daemon" and target_folder not in FOLDERS and (
            (root / "daemon" / target).exists() or (root / path).parent.joinpath(target).exists()):
        return None
    if folder == "daemon" and target in GENERATED:
        return None
    if "/" not in target or target_folder not in FOLDERS:
        return f'"{target}": write includes from lib/ as folder/file.h; known folders: {" ".join(FOLDERS)}'
    if target_folder != folder and target_folder not in FOLDERS[folder].split():
        return f'{folder} may not include {target_folder} ("{target}"); allowed: {FOLDERS[folder] or "nothing"}'
    if folder == "protocol" and target_folder == "protocol":
        own, other = path.split("/")[2:-1], target.split("/")[1:-1]
        if other and own != other:
            return f'"{target}": a protocol may not include another protocol; share through lib/protocol/*.h'
    return None


def check(root):
    problems = []
    for path, text in source.files(root, "lib", "daemon"):
        if path.startswith("lib/") and path.count("/") < 2:
            problems.append(f"{path}:1: files of lib/ belong into a folder")
            continue
        if folder_of(path) not in FOLDERS:
            problems.append(f"{path}:1: folder {folder_of(path)} is not in the table of check_layers.py")
            continue
        if WITHOUT_PROTOCOLS.match(path):
            problems += [f"{path}:{source.line_of(text, m.start())}: \"{m.group(0)}\": names a protocol, which only lib/modules knows"
                         for m in PROTOCOL.finditer(text)]
        blanked = source.code_only(text)
        for match in INCLUDE.finditer(text):
            if "include" not in blanked[match.start():match.start(2)]:
                continue  # inside a comment
            target, library = match.group(2), library_problem(path, match.group(2))
            problem = library
            if not problem and match.group(1) == '"':
                problem = None if any(target.startswith(p) for p in LIBRARIES) else folder_problem(root, path, target)
            elif not problem and target.split("/")[0] in FOLDERS and "/" in target:
                problem = f"<{target}>: our own headers are included with quotes"
            elif not problem and target in ONLY_ON_TOP and (path, target) not in ALLOWED_BELOW and not path.startswith(TOP):
                problem = f"<{target}>: sockets, threads and output live in lib/net and daemon"
            if problem:
                problems.append(f"{path}:{source.line_of(text, match.start())}: {problem}")
    return problems


GOOD = {
    "lib/base/result.h": "#include <boost/system/result.hpp>\n#include <chrono>\n",
    "lib/protocol/session.h": '#include "base/bytes.h"\n',
    "lib/protocol/usmp/frame.h": '#include "protocol/session.h"\n#include "protocol/usmp/profile.h"\n#include "crypto/aead.h"\n',
    "lib/crypto/aead.cpp": "#include <openssl/evp.h>\n",
    "lib/gateway/table.h": '// #include "net/worker.h"\n#include <boost/intrusive/list.hpp>\n',
    "lib/metrics/exposition.cpp": "#include <prometheus/registry.h>\n",
    "lib/config/load.cpp": "#include <yaml-cpp/yaml.h>\n",
    "lib/net/http_server.cpp": "#include <boost/beast/http.hpp>\n#include <sys/socket.h>\n",
    "lib/device/frame.h": '#include "protocol/usmp/frame.h"\n',
    "daemon/main.cpp": '#include "options.h"\n#include "net/worker.h"\n#include "device/frame.h"\n#include <iostream>\n',
    "daemon/options.h": "#pragma once\n",
    "daemon/sim/spp_link.h": "#pragma once\n// usmp\n",
    "lib/modules/spp.cpp": '#include "net/worker.h"\n#include "protocol/spp/frame.h"\n',
    "lib/net/supposition.h": "// opposed, suppressed\n",
}
BAD = {
    "lib/base/a.h": ('#include "wire/reader.h"\n', "base may not include wire"),
    "lib/wire/b.h": ("#include <boost/asio/buffer.hpp>\n", "boost/asio"),
    "lib/protocol/usmp/c.h": ('#include "protocol/spp/frame.h"\n', "another protocol"),
    "lib/protocol/d.h": ('\n#include "protocol/spp/frame.h"\n', ":2:"),
    "lib/gateway/e.h": ("#include <boost/variant2/variant.hpp>\n", "boost/variant2"),
    "lib/net/f.h": ('#include "device/frame.h"\n', "net may not include device"),
    "lib/net/g.cpp": ("#include <spdlog/spdlog.h>\n", "spdlog"),
    "lib/config/h.h": ("#include <yaml-cpp/yaml.h>\n", "yaml-cpp"),
    "lib/metrics/i.cpp": ("#include <prometheus/registry.h>\n", "prometheus"),
    "lib/identity/j.cpp": ("#include <openssl/evp.h>\n", "openssl"),
    "lib/usb/k.h": ("#pragma once\n", "not in the table"),
    "lib/backend/l.cpp": ('#include "../base/bytes.h"\n', "not relative"),
    "lib/backend/m.cpp": ("#include <mutex>\n", "threads"),
    "lib/backend/n.cpp": ('#include "record.h"\n', "folder/file.h"),
    "lib/backend/o.cpp": ("#include <base/bytes.h>\n", "quotes"),
    "lib/p.h": ("#pragma once\n", "belong into a folder"),
    "lib/net/q.h": ('#include "protocol/usmp/frame.h"\n', "names a protocol"),
    "lib/config/r.cpp": ("// as spp has it\n", "names a protocol"),
    "daemon/s.cpp": ('auto const word = "PSSST";\n', "names a protocol"),
    "daemon/t.h": ("int array_crypto_secrets = 0;\n", "names a protocol"),
}


def self_test():
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in GOOD.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        problems += [f"good sample refused: {p}" for p in check(root)]
        for path, (text, expected) in BAD.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
            found = [p for p in check(root) if p.startswith(path)]
            if len(found) != 1 or expected not in found[0]:
                problems.append(f"bad sample {path}: expected one finding with '{expected}', got {found}")
            (root / path).unlink()
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=source.ROOT)
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    source.finish("check_layers", self_test() if options.self_test else check(options.root))


if __name__ == "__main__":
    main()
