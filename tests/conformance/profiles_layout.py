"""How the files of `profiles/` are laid out: what is compared line by line is on a line of its own.

`python -m tests.conformance.profiles_layout` rewrites the files that differ, after a change by hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.conformance.files import folder

WIDTH = 160
SPREAD = frozenset({"differential", "compose", "context", "element", "include", "concept"})
"""Keys whose value always takes several lines: the headings of a file, and its lists with an entry a line."""

HEADER = [
    *("resourceType", "id", "url", "version", "name", "status", "description", "fhirVersion", "kind", "abstract"),
    *("context", "type", "baseDefinition", "derivation", "differential"),
    *("caseSensitive", "content", "compose", "concept"),
]
ELEMENT = [
    *("id", "path", "sliceName", "slicing", "min", "max", "type", "fixed*", "pattern*", "constraint"),
    *("mustSupport", "isModifier", "isModifierReason", "binding"),
]
"""All that a file and an element hold, in order: no narrative, no snapshot, no words for readers but `description`."""


def layout(resource: dict[str, Any]) -> str:
    """Return the resource as its file has it: keys in order, two spaces a level, what fits on a line on one.

    Raises ValueError for a key that has no place.
    """
    arranged = _arranged(resource, HEADER)
    if "differential" in arranged:
        arranged["differential"] = {
            "element": [_arranged(each, ELEMENT) for each in resource["differential"]["element"]]
        }
    return _spread(arranged, 0) + "\n"


def shipped() -> Iterator[Path]:
    """Yield every JSON file of every edition."""
    yield from sorted(folder("profiles").glob("*/*.json"))


def _arranged(value: dict[str, Any], order: list[str]) -> dict[str, Any]:
    """Return the value with its keys in order; `fixedCode` and its like stand where `fixed*` does."""
    return dict(sorted(value.items(), key=lambda pair: order.index(re.sub("^(fixed|pattern)[A-Z].*", r"\1*", pair[0]))))


def _text(value: Any, indent: int, before: int) -> str:
    """Return the value on one line if it fits behind `before` columns and a comma, else over several."""
    if not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    line = json.dumps(value, ensure_ascii=False)
    fits = indent + before + len(line) < WIDTH
    return line if fits and not _has_heading(value) else _spread(value, indent)


def _has_heading(value: Any) -> bool:
    """Say whether the value holds a list that has an entry a line."""
    return isinstance(value, dict) and not SPREAD.isdisjoint(value)


def _spread(value: dict[str, Any] | list[Any], indent: int) -> str:
    """Return an object or a list over several lines."""
    inner = indent + 2
    if isinstance(value, list):
        lines = [_text(item, inner, 0) for item in value]
        opening, closing = "[", "]"
    else:
        lines = [_pair(key, item, inner) for key, item in value.items()]
        opening, closing = "{", "}"
    body = ",\n".join(" " * inner + line for line in lines)
    return f"{opening}\n{body}\n{' ' * indent}{closing}"


def _pair(key: str, value: Any, indent: int) -> str:
    name = f"{json.dumps(key)}: "
    if key in SPREAD:
        return name + _spread(value, indent)
    return name + _text(value, indent, len(name))


def rewrite() -> None:
    """Lay out again every shipped file that is not as `layout` would write it."""
    for file in shipped():
        found = file.read_text(encoding="utf-8")
        wanted = layout(json.loads(found))
        if found != wanted:
            file.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    rewrite()
