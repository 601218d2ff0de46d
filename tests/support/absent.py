"""Bodies in which the first value of every array of primitives is absent, with an extension that says so."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

WHY = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}


def arrays_of_primitives(value: Any) -> Iterator[tuple[Json, str]]:
    """Yield each object that holds an array of primitives, with the array's name."""
    if isinstance(value, list):
        for one in value:
            yield from arrays_of_primitives(one)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, list) and not any(isinstance(one, dict | list) for one in inner):
                yield value, name
            else:
                yield from arrays_of_primitives(inner)


def padded(body: Json) -> tuple[Json, set[str]]:
    """Put a null with a reason before the values of every array of primitives."""
    changed = copy.deepcopy(body)
    names = set()
    for holder, name in list(arrays_of_primitives(changed)):
        holder[f"_{name}"] = [WHY, *[None] * len(holder[name])]
        holder[name] = [None, *holder[name]]
        names.add(name)
    return changed, names
