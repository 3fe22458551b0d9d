#!/usr/bin/env python3
"""Checks that the documents tell the truth about the tree.

Links between pages (and their headings) resolve, the files that the pictures of docs/architecture.md name exist, and the
metrics page lists exactly the metrics that lib/metrics knows.

usage: check_docs.py [--root FOLDER] | --self-test
"""

import argparse
import re
import tempfile
from pathlib import Path

import source

ARCHITECTURE = "docs/architecture.md"
METRICS_PAGE = "docs/reference/metrics.md"

FENCE = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]\[]*(?:\[[^\]]*\][^\]\[]*)*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
REFERENCE = re.compile(r"^\[[^\]]+\]:\s+<?(\S+?)>?\s*$", re.MULTILINE)
METRIC = re.compile(r"\bgatehouse_[a-z_]*[a-z]")
HISTOGRAM_PART = re.compile(r"_(?:bucket|sum|count)$")


def without(pattern, text):
    """The text with every match blanked, lines kept."""
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)


def anchors(text):
    """The names under which a page's headings can be linked, as GitHub makes them."""
    found = {}
    for heading in re.findall(r"^#{1,6}\s+(.*?)\s*#*\s*$", without(FENCE, text), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        found[name] = found.get(name, -1) + 1
    numbered = {f"{name}-{n}" for name, last in found.items() for n in range(1, last + 1)}
    return set(found) | numbered | set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))


def check_links(root, path, text):
    plain = without(re.compile(r"`[^`\n]+`"), without(FENCE, text))
    for match in sorted([*LINK.finditer(plain), *REFERENCE.finditer(plain)], key=lambda m: m.start()):
        target = match.group(1)
        if re.match(r"[a-z][a-z0-9+.-]*:", target, re.IGNORECASE):
            continue
        where, _, anchor = target.partition("#")
        place = f"{path}:{source.line_of(plain, match.start())}"
        page = (root / path).parent / where if where else root / path
        if where.startswith("/") or not page.exists():
            yield f"{place}: link to {target}: no such file"
        elif anchor and page.suffix == ".md" and anchor not in anchors(page.read_text(encoding="utf-8")):
            yield f"{place}: link to {target}: no such heading"


def check_pictures(root):
    page = root / ARCHITECTURE
    libraries = {p.name for p in (root / "lib").glob("*") if p.is_dir()}
    if not page.exists() or not libraries:
        return
    text = page.read_text(encoding="utf-8")
    name = re.compile(r"(?<![\w/.<\"])((?:lib/)?(?:" + "|".join(sorted(libraries)) + r")/[\w/]+(?:\.(?:h|cpp))?)(?![\w/])|"
                      r"(?<![\w/.<\"])((?:daemon|config|tests|packaging)/[\w/]+\.\w+)")
    for fence in FENCE.finditer(text):
        for match in name.finditer(fence.group(0)):
            file = match.group(2) or "lib/" + match.group(1).removeprefix("lib/")
            candidates = [file] if "." in file else [file, file + ".h", file + ".cpp"]
            if not any((root / c).exists() for c in candidates):
                line = source.line_of(text, fence.start() + match.start())
                yield f"{ARCHITECTURE}:{line}: the picture names {match.group(0)}, which does not exist"


def metrics_of_code(root):
    names = set()
    for _, text in source.files(root, "lib/metrics"):
        for literal in re.findall(r'"((?:[^"\\\n]|\\.)*)"', text):
            names |= set(METRIC.findall(literal))
    return names


def check_metrics(root):
    page, known = root / METRICS_PAGE, metrics_of_code(root)
    if not page.exists() or not known:
        return
    listed = {HISTOGRAM_PART.sub("", n) if HISTOGRAM_PART.sub("", n) in known else n
              for n in METRIC.findall(page.read_text(encoding="utf-8"))}
    for name in sorted(known - listed):
        yield f"{METRICS_PAGE}:1: {name} is a metric of lib/metrics, but not on this page"
    for name in sorted(listed - known):
        yield f"{METRICS_PAGE}:1: {name} is on this page, but lib/metrics does not know it"


def check(root):
    problems = []
    for path, text in source.files(root, suffixes={".md"}):
        problems += check_links(root, path, text)
    return problems + [*check_pictures(root), *check_metrics(root)]


GOOD = {
    "lib/net/worker.h": "",
    "lib/protocol/usmp/session.cpp": "",
    "lib/metrics/names.cpp": 'auto a = "gatehouse_sessions"; auto b = "gatehouse_handshake_seconds"; // gatehouse_not_one\n',
    "daemon/main.cpp": "",
    "README.md": "# A `tree`, plan\n[plan](docs/architecture.md) [up](#a-tree-plan) [web](https://example.org/x.md)\n`[no](link.md)`\n",
    "docs/architecture.md": "# Plan\n```\n net/worker -> protocol/usmp/session.cpp [no](link.md)\n daemon/main.cpp, text/plain\n```\n[back](../README.md#a-tree-plan)\n",
    "docs/reference/metrics.md": "`gatehouse_sessions` and `gatehouse_handshake_seconds` (`gatehouse_handshake_seconds_bucket`)\n",
}
BAD = [
    ("README.md", "\n[gone](docs/gone.md)\n", "README.md:2: link to docs/gone.md: no such file"),
    ("README.md", "# Tree\n[gone](#garden)\n", "no such heading"),
    ("README.md", "[gone](docs/architecture.md#gone)\n", "no such heading"),
    ("docs/architecture.md", "# Plan\n```\nx\n  net/gone.cpp\n```\n", "docs/architecture.md:4: the picture names net/gone.cpp"),
    ("docs/architecture.md", "# Plan\n```\n  daemon/gone.cpp\n```\n", "the picture names daemon/gone.cpp"),
    ("docs/reference/metrics.md", "`gatehouse_sessions`\n", "gatehouse_handshake_seconds is a metric of lib/metrics"),
    ("lib/metrics/names.cpp", '"gatehouse_sessions"\n', "gatehouse_handshake_seconds is on this page"),
]


def self_test():
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in GOOD.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        problems += [f"good sample refused: {p}" for p in check(root)]
        for path, text, expected in BAD:
            (root / path).write_text(text)
            found = check(root)
            if not any(expected in p for p in found):
                problems.append(f"bad sample {path}: expected '{expected}', got {found}")
            (root / path).write_text(GOOD[path])
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=source.ROOT)
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    source.finish("check_docs", self_test() if options.self_test else check(options.root))


if __name__ == "__main__":
    main()
