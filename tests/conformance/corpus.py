"""The corpus of labeled mutations: what a case is, and how its change is made."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.conformance.bases import BASES

TABLE = Path(__file__).with_name("corpus.yaml")

_FIRST = "entry[0].resource"
_STEP = re.compile(r"([A-Za-z_]+)|\[(\d+)]")
_CHANGES = ("set", "copy", "append", "remove", "swap", "then", "also")
_KEYS = {"name", "base", "at", "code", "rule", "severity", *_CHANGES}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One changed body, and what must be found in it; nothing, where it is a control."""

    name: str
    base: str
    row: Json

    @property
    def is_control(self) -> bool:
        return "at" not in self.row

    @property
    def expression(self) -> str:
        """The FHIRPath of the place that must be named."""
        type_ = BASES[self.base]()["resourceType"]
        at = _expanded(self.row["at"])
        return f"{type_}.{at}" if at else type_

    def body(self) -> Json:
        """Return the changed body."""
        body = copy.deepcopy(BASES[self.base]())
        _change(body, self.row)
        return body


@cache
def cases() -> tuple[Case, ...]:
    """Return all cases, and refuse a row with an unknown key."""
    rows = YAML(typ="safe").load(TABLE.read_text(encoding="utf-8"))
    for row in rows:
        assert set(row) <= _KEYS, f"{row['name']}: {set(row) - _KEYS}"
    return tuple(Case(row["name"], row["base"], row) for row in rows)


def _change(body: Json, row: Json) -> None:
    """Make the changes of a row, in this order."""
    for kind in _CHANGES:
        if kind in row:
            _MAKE[kind](body, row[kind])


def _set(body: Json, values: Json) -> None:
    for path, value in values.items():
        holder, last = _holder(body, path)
        if value == "DELETE":
            del holder[last]
        else:
            holder[last] = _exact(value)


def _append(body: Json, values: Json) -> None:
    for path, value in values.items():
        holder, last = _holder(body, path)
        holder.setdefault(last, []).append(_exact(value))


def _remove(body: Json, path: str) -> None:
    holder, last = _holder(body, path)
    del holder[last]


def _copy(body: Json, paths: list[str]) -> None:
    """Append a copy of what is at the first path to the list at the second."""
    (one, at), (other, where) = (_holder(body, path) for path in paths)
    other[where].append(copy.deepcopy(one[at]))


def _swap(body: Json, paths: list[str]) -> None:
    (one, at), (other, where) = (_holder(body, path) for path in paths)
    one[at], other[where] = other[where], one[at]


def _holder(body: Json, path: str) -> tuple[Any, Any]:
    """Return what holds the value at a path, and its name or index in there."""
    *steps, last = _steps(_expanded(path))
    holder: Any = body
    for step in steps:
        holder = holder[step]
    return holder, last


def _steps(path: str) -> Iterator[str | int]:
    for name, index in _STEP.findall(path):
        yield name or int(index)


def _expanded(path: str) -> str:
    return _FIRST + path[1:] if path == "C" or path.startswith("C.") else path


def _exact(value: Any) -> Any:
    """Make numbers with a point what the reader makes of them."""
    return Decimal(str(value)) if isinstance(value, float) else value


_MAKE: dict[str, Callable[[Json, Any], None]] = {
    "set": _set,
    "copy": _copy,
    "append": _append,
    "remove": _remove,
    "swap": _swap,
    "then": _change,
    "also": _change,
}
