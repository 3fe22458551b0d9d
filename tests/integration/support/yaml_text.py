"""Writes the small part of YAML that configurations and credential files use: maps, lists and plain values."""

import json
import re

_PLAIN = re.compile(r"^[A-Za-z_][A-Za-z0-9_-]*$")
_AMBIGUOUS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def _scalar(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    text = str(value)
    if _PLAIN.match(text) and text.lower() not in _AMBIGUOUS:
        return text
    return json.dumps(text)


def _flow(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow(v) for v in value) + "]"
    return _scalar(value)


def _is_flat(value):
    items = value.values() if isinstance(value, dict) else value
    return not any(isinstance(item, (dict, list, tuple)) for item in items)


def _block(value, indent):
    pad = "  " * indent
    if isinstance(value, dict) and value:
        lines = []
        for key, item in value.items():
            if isinstance(item, (dict, list, tuple)) and item and not _is_flat(item):
                lines.append(f"{pad}{_scalar(key)}:")
                lines.append(_block(item, indent + 1))
            else:
                lines.append(f"{pad}{_scalar(key)}: {_flow(item)}")
        return "\n".join(lines)
    lines = []
    for item in value:
        if isinstance(item, dict) and not _is_flat(item):
            body = _block(item, indent + 1)
            lines.append(f"{pad}- {body.lstrip()}")
        else:
            lines.append(f"{pad}- {_flow(item)}")
    return "\n".join(lines)


def to_yaml(value):
    return (_flow(value) if not value else _block(value, 0)) + "\n"
