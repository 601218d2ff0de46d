"""Where the walk is, in the words of an extension's context: the paths of the object that holds the extension."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from app.conformance.base.paths import type_paths
from app.conformance.base.table import elements
from app.conformance.compiled.shape import Shape
from app.fhir.place import Place

_PRIMITIVE = "Element"
"""The type by which the walk checks what stands beside a primitive."""


class Parent(NamedTuple):
    """An object on the way: its element's name and its type; of an extension also the URL."""

    name: str
    type: str
    is_resource: bool
    url: str | None


def parent_of(shape: Shape, value: dict[str, Any], place: Place) -> Parent:
    """Describe an object that the walk enters."""
    while type(place) is tuple and type(place[1]) is int:
        place = place[0]
    name = place[1] if type(place) is tuple else place
    url = value.get("url") if shape.type == "Extension" else None
    return Parent(str(name), shape.type, shape.is_resource, url if isinstance(url, str) else None)


def matches_path(parents: Sequence[Parent], path: str) -> bool:
    """Whether a path leads to the last object: from the resource that it is in, or from a type on the way.

    The timing of a Dosage in a MedicationRequest is `MedicationRequest.dosageInstruction.timing`, `Dosage.timing` and
    `Timing`. The path is followed from its end, as all paths of a deep object would be too many to list.
    """
    steps = path.split(".")
    for below in range(min(len(steps), len(parents))):
        start = len(parents) - 1 - below
        own, rest = ".".join(steps[: len(steps) - below]), steps[len(steps) - below :]
        if own in _own(parents, start) and all(map(_is_called, parents[start + 1 :], rest)):
            return True
        if parents[start].is_resource:
            return False
    return False


def _is_called(one: Parent, step: str) -> bool:
    """Whether a step of a path means an element, which may be one of several types."""
    return step in (one.name, f"{one.name}[x]", one.name + one.type[0].upper() + one.type[1:])


def _own(parents: Sequence[Parent], at: int) -> frozenset[str]:
    one = parents[at]
    own = type_paths(one.type)
    element = elements(parents[at - 1].type).get(one.name) if one.type == _PRIMITIVE and at else None
    return own if element is None else own.union(type_.name for type_ in element.types)
