"""Single mutations of a body, for tests that try many: anywhere in it, of any kind."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

Json = dict[str, Any]

ATOMS: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    10**30,
    Decimal("1.5"),
    "",
    " ",
    "x",
    "2020-13-01",
    "2020-02-30",
    "http://x y",
    "#a",
    "urn:uuid:1",
    "Patient/1",
    "a" * 70,
    [],
    {},
    [None],
    [[]],
    ["x"],
    {"a": 1},
    {"extension": []},
    {"reference": "Patient/zzz"},
)
NAMES = (
    "foo",
    "_id",
    "value",
    "extension",
    "resourceType",
    "id",
    "modifierExtension",
    "contained",
    "text",
    "valueString",
)


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the path of each value below a value."""
    steps: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, below in steps:
        yield (*path, step)
        yield from paths(below, (*path, step))


def mutated(body: Json, chance: Random) -> Json:
    """Return the body with one change."""
    changed = copy.deepcopy(body)
    *steps, last = chance.choice(list(paths(body)))
    holder: Any = changed
    for step in steps:
        holder = holder[step]
    _change(holder, last, chance)
    return changed


def _change(holder: Any, last: Any, chance: Random) -> None:
    value = holder[last]
    kind = chance.choice(("remove", "replace", "rename", "repeat", "add", "wrap", "write"))
    if kind == "remove":
        del holder[last]
    elif kind == "rename" and isinstance(holder, dict):
        holder[chance.choice(NAMES)] = holder.pop(last)
    elif kind == "repeat" and isinstance(holder, list):
        holder.append(copy.deepcopy(value))
    elif kind == "add" and isinstance(value, dict):
        value[chance.choice(NAMES)] = copy.deepcopy(chance.choice(ATOMS))
    elif kind == "wrap":
        holder[last] = [value]
    elif kind == "write" and isinstance(value, str):
        holder[last] = value + chance.choice((" ", "x", "\x01", "  y"))
    else:
        holder[last] = copy.deepcopy(chance.choice(ATOMS))
