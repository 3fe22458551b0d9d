"""Reading the tree: which files there are, and C++ with its comments and literals blanked out."""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CPP = {".h", ".cpp"}
TEXT = CPP | {".py", ".md", ".cmake", ".txt", ".yaml", ".yml", ".json", ".sh", ".service", ".in", ""}
SKIPPED_FOLDERS = {".git", "build", ".cache", "__pycache__", ".vscode", ".idea"}

# Longest first: a raw string may contain anything, so it must win over a plain one. Digit separators (1'000) are no literals.
_LITERAL = re.compile(
    r"""
      //(?:[^\n\\]|\\.|\\\n)*
    | /\*.*?\*/
    | (?:u8|[uUL])?R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"
    | (?:u8|[uUL])?"(?:[^"\\\n]|\\.)*"
    | (?<![0-9A-Fa-f])(?:u8|[uUL])?'(?:[^'\\\n]|\\.)+'
    """,
    re.VERBOSE | re.DOTALL,
)


def _blank(match):
    text = match.group(0)
    if text.startswith(("//", "/*")):
        return re.sub(r"[^\n]", " ", text)
    return re.sub(r"[^\n\"']", "_", text)


def code_only(text):
    """The same text with comments blanked and literals filled with underscores; lines and columns stay."""
    return _LITERAL.sub(_blank, text)


def comments_only(text):
    """The comments of C++ text, as (offset, comment)."""
    return [(m.start(), m.group(0)) for m in _LITERAL.finditer(text) if m.group(0).startswith(("//", "/*"))]


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def matching(text, start):
    """The offset of the bracket that closes the one at start, or -1."""
    opening = text[start]
    closing = {"(": ")", "{": "}", "[": "]"}[opening]
    depth = 0
    for position in range(start, len(text)):
        if text[position] == opening:
            depth += 1
        elif text[position] == closing:
            depth -= 1
            if depth == 0:
                return position
    return -1


def files(root, *folders, suffixes=CPP):
    """Every file of these folders (default: the whole tree) as (path from the root with slashes, text)."""
    for folder in folders or (".",):
        for where, subfolders, names in os.walk(root / folder):
            subfolders[:] = sorted(n for n in subfolders if n not in SKIPPED_FOLDERS)
            for name in sorted(names):
                path = Path(where, name)
                if path.suffix not in suffixes or path.is_symlink():
                    continue
                try:
                    text = path.read_text(encoding="utf-8")
                except (UnicodeDecodeError, FileNotFoundError):
                    continue  # not text, or gone since the folder was listed
                yield path.relative_to(root).as_posix(), text


def finish(tool, problems, warnings=()):
    """Prints the findings and ends the program: 0 when there are no problems, otherwise 1."""
    for warning in warnings:
        print(f"warning: {warning}")
    for problem in problems:
        print(problem)
    print(f"{tool}: " + (f"{len(problems)} problem(s)" if problems else "ok"))
    sys.exit(1 if problems else 0)
