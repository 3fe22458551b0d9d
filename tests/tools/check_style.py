#!/usr/bin/env python3
"""Searches the tree for mistakes that were made before, or that the compiler does not catch.

usage: check_style.py [--root FOLDER] | --self-test

Each rule carries the sentence that says why. An exception is a line in ALLOWED with its reason, never a change of the rule.
"""

import argparse
import re
import tempfile
from pathlib import Path

import source
from source import line_of, matching

WHY = {
    "await": "g++ 12.2 destroys temporaries of an awaited expression twice; hoist lambdas and braced values into named locals, "
             "and race nothing with || or &&",
    "coroutine-place": "coroutines live in lib/net and daemon only; everything below is plain functions",
    "lambda-coroutine": "a coroutine is a named function with value parameters; a lambda's captures die before its frame",
    "clock": "time is an argument below lib/net, so that a whole daemon life can be replayed",
    "cast": "bytes are read through wire::reader; a reinterpret_cast needs a line with a reason in check_style.py",
    "output": "libraries below lib/net report facts and errors; lib/net logs and counts them",
    "memcmp": "memcmp stops at the first difference, which tells an attacker how far a guess was right; use crypto::equal",
    "secret-compare": "secrets are compared with crypto::equal, never with == or !=",
    "throwing": "a running daemon is not ended by a file or a number that is not as it should be; use the overload with an error code, "
                "or std::from_chars",
    "thread": "threads that a running daemon needs are made at its start, in the places that check_style.py names, with signals blocked",
    "pragma-once": "every header starts with #pragma once",
    "name": "name a file after the one concept in it; utils, helpers, common, misc and manager are no concepts",
    "length": "a file of more than 600 lines does more than one thing; split it, or list it with a reason",
    "todo": "a TODO carries its issue, as TODO(#12), or it is forgotten",
    "path": "paths of one person's machine do not belong in the tree",
    "word": "docs/style.md, \"Words\": code and comments say it in a word that a reader from the field knows",
    "tab": "C++ is indented with spaces",
}

# (rule, path or folder/): reason
ALLOWED = {
    ("cast", "lib/base/bytes.h"): "the one place that views characters as bytes and back",
    ("cast", "lib/crypto/"): "OpenSSL takes unsigned char* where we have std::byte",
    ("cast", "lib/net/"): "socket addresses are passed as sockaddr*",
    ("cast", "lib/protocol/pssst/replay_filter.cpp"): "words of the memory are atomics where they lie",
    ("cast", "daemon/notify.cpp"): "socket addresses are passed as sockaddr*",
    ("memcmp", "lib/base/bytes.h"): "compares public bytes",
    ("thread", "daemon/background_jobs.h"): "one for each, from the start",
    ("thread", "daemon/supervisor.h"): "workers, from the start",
    ("thread", "lib/modules/upss_key_pool.h"): "two, from the start",
    ("thread", "lib/modules/upss_key_pool.cpp"): "two, from the start",
    ("thread", "lib/net/log.cpp"): "writers, from the start",
    ("thread", "lib/net/stderr_sink.h"): "names a writer",
    ("thread", "lib/net/stderr_sink.cpp"): "names a writer",
    ("todo", "tests/tools/check_style.py"): "holds the rule",
    ("todo", "tests/tools/check_style_samples.py"): "holds the samples",
    ("path", "tests/tools/check_style_samples.py"): "holds the samples",
    ("secret-compare", "tests/"): "a test may compare what it made itself",
    ("memcmp", "tests/"): "a test may compare what it made itself",
}

LENGTH_LIMIT, LENGTH_WARNING = 600, 400
BANNED_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "manager"}
OUR_FOLDERS = ("lib", "daemon", "tests", "packaging")
COROUTINE_FOLDERS = ("lib/net/", "daemon/", "tests/")

# How many arguments the overload that does not throw has at least; its last one is the error code.
FILESYSTEM = {
    "absolute": 2, "canonical": 2, "copy": 3, "copy_file": 3, "create_directories": 2, "create_directory": 2, "current_path": 1,
    "directory_iterator": 2, "equivalent": 3, "exists": 2, "file_size": 2, "hard_link_count": 2, "is_directory": 2, "is_empty": 2,
    "is_regular_file": 2, "is_socket": 2, "is_symlink": 2, "last_write_time": 2, "permissions": 3, "proximate": 2, "read_symlink": 2,
    "recursive_directory_iterator": 2, "relative": 2, "remove": 2, "remove_all": 2, "rename": 3, "resize_file": 3, "space": 2,
    "status": 2, "symlink_status": 2, "temp_directory_path": 1, "weakly_canonical": 2,
}
FILESYSTEM_CALL = re.compile(r"\b(?:fs|filesystem)::(" + "|".join(FILESYSTEM) + r")(?:\s+\w+)?\s*\(")
THREAD = re.compile(r"\bstd::(?:jthread|async|thread)\b(?!::)|\bthread_pool\b(?!\.hpp|\.h)|\bpthread_create\b")

SECRET = r"(?:\w*_)?(?:secret|secrets|psk|private_key|session_key|shared_key|master_key|rx_key|tx_key|key_material|hmac)_?"
SECRET_LEFT = re.compile(
    r"(?<!\w)" + SECRET + r"(?:\(\)|\.bytes\(\)|\.view\(\)|\.data\(\))?\s*[!=]=(?!\s*(?:nullptr|0\b|\w+\.c?end\(\)|_?end\(\)))")
SECRET_RIGHT = re.compile(
    r"(?<!nullptr )(?<!\bend\(\) )[!=]=\s*\*?(?:\w+(?:\.|->))*" + SECRET + r"(?:\(\)|\.bytes\(\)|\.view\(\))?(?![\w.(:-])")
OPERATOR = re.compile(r"\|\||(?<!auto)(?<!auto )&&|\b(?:and|or)\b")


def below_net(path):
    return path.startswith("lib/") and not path.startswith("lib/net/")


def lambda_at(code, position):
    """Whether the [ at this position introduces a lambda, judged by what stands before it."""
    if code.startswith("[[", position) or code[position - 1:position] == "[":
        return False
    before = code[:position].rstrip()
    word = re.search(r"(\w+)$", before)
    if word:
        return word.group(1) in {"return", "co_return", "co_await", "co_yield", "throw", "else", "case"}
    return not before.endswith((")", "]"))


def statement_before(code, position):
    """What precedes an await inside its own statement."""
    start = position
    while start > 0:
        start -= 1
        if code[start] in ";{":
            return code[start + 1:position]
        if code[start] == "}" and not re.match(r"\s*[,.)]", code[start + 1:]):
            return code[start + 1:position]
    return code[:position]


def await_fault(code, position):
    """What the awaited statement holds besides names and calls, or None."""
    before = statement_before(code, position)
    if OPERATOR.search(before):
        return "an operator || or && before the await"
    if "}" in before:
        return "a braced value before the await"
    depth, here = 0, position + len("co_await")
    while here < len(code):
        character = code[here]
        if character in "([":
            if character == "[" and lambda_at(code, here):
                return "a lambda"
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == "{":
            return "braces" if depth >= 0 else None  # depth < 0: the block of `if (co_await ...)`
        elif character == "}":
            return "braces"
        elif character == ";":
            return None
        elif OPERATOR.match(code, here):
            return "an operator || or &&"
        if depth < 0 and not re.match(r"\s*[.,)\]|&?=+-]|\s*->", code[here + 1:]):
            return None  # the condition that held the await is closed
        here += 1
    return None


def check_await(path, code):
    for match in re.finditer(r"\bco_await\b", code):
        fault = await_fault(code, match.start())
        if fault:
            yield "await", match.start(), fault


def check_coroutine_place(path, code):
    if not path.startswith(COROUTINE_FOLDERS):
        for match in re.finditer(r"\bco_(?:await|return|yield)\b", code):
            yield "coroutine-place", match.start(), match.group(0)


def check_lambda_coroutine(path, code):
    for match in re.finditer(r"\[", code):
        if not lambda_at(code, match.start()):
            continue
        end = matching(code, match.start())
        head = re.compile(r"\s*(?:<[^{;]*?>\s*)?(\()?").match(code, end + 1)
        after = matching(code, head.start(1)) + 1 if head.group(1) else end + 1
        body = re.compile(r"[^{};()=,]*\{").match(code, after)
        if end < 0 or not body:
            continue
        close = matching(code, body.end() - 1)
        if re.search(r"\bco_(?:await|return|yield)\b", code[body.end():close]):
            yield "lambda-coroutine", match.start(), "a lambda with co_await or co_return"


def check_clock(path, code):
    if below_net(path):
        for match in re.finditer(r"::now\s*\(|\b(?:clock_gettime|gettimeofday|timespec_get)\b|\btime\s*\(\s*(?:nullptr|NULL|0)\s*\)", code):
            yield "clock", match.start(), match.group(0).strip()


def check_cast(path, code):
    if path.startswith(("lib/", "daemon/")):
        for match in re.finditer(r"\breinterpret_cast\b", code):
            yield "cast", match.start(), match.group(0)


def check_output(path, code):
    if below_net(path):
        for match in re.finditer(r"\b(?:f|v|vf)?printf\s*\(|\bf?puts\s*\(|\bstd::(?:cout|cerr|clog)\b|\bspdlog\b|\bsyslog\s*\(", code):
            yield "output", match.start(), match.group(0).strip()


def check_secrets(path, code):
    for match in re.finditer(r"\bmemcmp\s*\(", code):
        yield "memcmp", match.start(), "memcmp"
    for pattern in (SECRET_LEFT, SECRET_RIGHT):
        for match in pattern.finditer(code):
            yield "secret-compare", match.start(), " ".join(match.group(0).split())


def arguments_of(code, opening):
    """What stands between this bracket and the one that closes it, split at the outer commas."""
    parts, depth, last = [], 0, opening + 1
    end = matching(code, opening)
    for here in range(opening + 1, end):
        if code[here] in "([{":
            depth += 1
        elif code[here] in ")]}":
            depth -= 1
        elif code[here] == "," and depth == 0:
            parts.append(code[last:here])
            last = here + 1
    return [part.strip() for part in [*parts, code[last:end]] if part.strip()]


def check_throwing(path, code):
    if not path.startswith(("lib/", "daemon/")):
        return
    for match in FILESYSTEM_CALL.finditer(code):
        given = arguments_of(code, match.end() - 1)
        of_status = len(given) == 1 and given[0].endswith("status")  # asks no file
        tells = len(given) >= FILESYSTEM[match.group(1)] and re.fullmatch(r"\w+", given[-1])
        if not of_status and not tells:
            yield "throwing", match.start(), f"{match.group(1)} without an error code"
    for match in re.finditer(r"\bstd::(?:sto(?:i|l|ul|ll|ull|f|d|ld)|regex)\b", code):
        yield "throwing", match.start(), match.group(0)


def check_thread(path, code):
    if path.startswith(("lib/", "daemon/")):
        for match in THREAD.finditer(code):
            yield "thread", match.start(), match.group(0)


def check_tabs(path, code):
    position = code.find("\t")
    if position >= 0:
        yield "tab", position, "a tab"


# What docs/style.md says instead of each; a whole name, or a part of one between underscores.
RETIRED_WORDS = re.compile(
    r"(?<![A-Za-z])(?:houses?|errands?|parcels?|desks?|graveyards?|bury|bearers?|surroundings|detours?|newborns?|who_makes_way|"
    r"post_office|manners?)(?![A-Za-z])")
RETIRED_NAMES = re.compile(r"(?<![A-Za-z])(?:rooms?|make_way|obey(?:s|ed|ing)?|places?)(?![A-Za-z])")


def check_words(path, text, code):
    """Comments may say room, place and obey as everybody does; names may not."""
    for match in RETIRED_WORDS.finditer(text):
        yield "word", match.start(), match.group(0)
    if path.startswith(("lib/", "daemon/")):
        for match in RETIRED_NAMES.finditer(code):
            if not re.search(r"\bin_$", code[:match.start()]):
                yield "word", match.start(), match.group(0)


CODE_RULES = [
    check_await, check_coroutine_place, check_lambda_coroutine, check_clock, check_cast, check_output, check_secrets, check_throwing, check_thread,
    check_tabs,
]


def check_text(path, text):
    """Rules for every text file."""
    for match in re.finditer(r"(?<![\w.)}\]*~-])/(?:(?:home|root)/[\w.$<{]|work(?![\w.-]))", text):
        yield "path", match.start(), "an absolute path"
    if Path(path).suffix not in {".md", ".json"}:
        for match in re.finditer(r"\b(?:TODO|FIXME|XXX)\b(?!\s*\(?#\d)", text):
            yield "todo", match.start(), match.group(0)


def check_file(path, text):
    """Every finding in one file as (rule, line, what)."""
    found = [(rule, line_of(text, offset), what) for rule, offset, what in check_text(path, text)]
    folder = path.split("/")[0]
    if Path(path).suffix in source.CPP and folder in OUR_FOLDERS:
        code = source.code_only(text)
        found += [(rule, line_of(text, offset), what) for rule, offset, what in check_words(path, text, code)]
        for rule_check in CODE_RULES:
            found += [(rule, line_of(text, offset), what) for rule, offset, what in rule_check(path, code)]
        if path.endswith(".h") and not re.search(r"^#pragma once$", code, re.MULTILINE):
            found.append(("pragma-once", 1, "no #pragma once"))
    if folder in OUR_FOLDERS:
        words = {w.lower() for part in Path(path).with_suffix("").parts for w in re.split(r"[_\-.]", part)}
        for word in sorted(words & BANNED_NAMES):
            found.append(("name", 1, f"'{word}' in the name"))
        if Path(path).suffix in source.CPP | {".py"} and text.count("\n") > LENGTH_LIMIT:
            found.append(("length", text.count("\n"), f"{text.count(chr(10))} lines"))
    return found


def allowed(rule, path):
    return any(rule == r and (path == p or (p.endswith("/") and path.startswith(p))) for r, p in ALLOWED)


def check(root):
    problems, warnings = [], []
    for path, text in source.files(root, suffixes=source.TEXT):
        for rule, line, what in check_file(path, text):
            if not allowed(rule, path):
                problems.append(f"{path}:{line}: {what} [{rule}]: {WHY[rule]}")
        lines = text.count("\n")
        if Path(path).suffix in source.CPP and path.split("/")[0] in OUR_FOLDERS and LENGTH_WARNING < lines <= LENGTH_LIMIT:
            warnings.append(f"{path}: {lines} lines; above {LENGTH_WARNING} it should have a reason")
    return problems, warnings


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=source.ROOT)
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        import check_style_samples
        source.finish("check_style --self-test", check_style_samples.self_test(check_file, WHY))
    problems, warnings = check(options.root)
    source.finish("check_style", problems, warnings)


if __name__ == "__main__":
    main()
