"""Where the walk is, in the words of an extension's context: the paths of the object that holds the extension."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from app.conformance.base.paths import type_paths
from app.conformance.base.table import elements
from app.conformance.place import Place
from app.conformance.shapes.shape import Shape

_PRIMITIVE = "Element"
"""The type by which the walk checks what stands beside a primitive."""


class Holder(NamedTuple):
    """An object on the way: its element's name and its type; of an extension also the URL."""

    name: str
    type: str
    is_resource: bool
    url: str | None


def holder(shape: Shape, value: dict[str, Any], place: Place) -> Holder:
    """Describe an object that the walk enters."""
    while isinstance(place, tuple) and isinstance(place[1], int):
        place = place[0]
    name = place[1] if isinstance(place, tuple) else place
    url = value.get("url") if shape.type == "Extension" else None
    return Holder(str(name), shape.type, shape.is_resource, url if isinstance(url, str) else None)


def paths_of(way: Iterable[Holder]) -> frozenset[str]:
    """Return the paths of the last object: from the resource that it is in, and from each type on the way.

    The timing of a Dosage in a MedicationRequest is `MedicationRequest.dosageInstruction.timing`, `Dosage.timing` and
    `Timing`.
    """
    paths: frozenset[str] = frozenset()
    type_ = ""
    for one in way:
        suffix = one.type[0].upper() + one.type[1:]
        names = () if one.is_resource else (one.name, f"{one.name}[x]", one.name + suffix)
        paths = _own(one, type_).union(f"{path}.{name}" for path in paths for name in names)
        type_ = one.type
    return paths


def _own(one: Holder, holder_type: str) -> frozenset[str]:
    own = type_paths(one.type)
    element = elements(holder_type).get(one.name) if one.type == _PRIMITIVE and holder_type else None
    return own if element is None else own.union(type_.name for type_ in element.types)
