"""The objects around an extension, to decide whether its definition allows it there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from app.conformance.base.paths import type_paths
from app.conformance.base.table import elements
from app.conformance.compiled.shape import Shape
from app.fhir.place import Place

_BESIDE_PRIMITIVE = "Element"
"""The type by which the pass checks the extensions beside a primitive."""


class Parent(NamedTuple):
    """An object that contains the extension: the name of its element and its type; for an extension also the URL."""

    name: str
    type: str
    is_resource: bool
    url: str | None


def parent_of(shape: Shape, value: dict[str, Any], place: Place) -> Parent:
    """Describe an object of the body."""
    while type(place) is tuple and type(place[1]) is int:
        place = place[0]
    name = place[1] if type(place) is tuple else place
    url = value.get("url") if shape.type == "Extension" else None
    return Parent(str(name), shape.type, shape.is_resource, url if isinstance(url, str) else None)


def matches_path(parents: Sequence[Parent], path: str) -> bool:
    """Return whether the path of a context names the innermost parent.

    The path may start at the resource or at any type on the way. The timing of a Dosage in a MedicationRequest is
    `MedicationRequest.dosageInstruction.timing`, `Dosage.timing` and `Timing`. A deep object has too many paths to list
    them, so the path is compared from its end.
    """
    steps = path.split(".")
    for below in range(min(len(steps), len(parents))):
        start = len(parents) - 1 - below
        first, rest = ".".join(steps[: len(steps) - below]), steps[len(steps) - below :]
        if first in _paths(parents, start) and all(map(_has_name, parents[start + 1 :], rest)):
            return True
        if parents[start].is_resource:
            return False
    return False


def _has_name(parent: Parent, step: str) -> bool:
    """Return whether a step of a path names the element of a parent; the name of a choice element has three forms."""
    return step in (parent.name, f"{parent.name}[x]", parent.name + parent.type[0].upper() + parent.type[1:])


def _paths(parents: Sequence[Parent], at: int) -> frozenset[str]:
    parent = parents[at]
    paths = type_paths(parent.type)
    is_beside = parent.type == _BESIDE_PRIMITIVE and at
    element = elements(parents[at - 1].type).get(parent.name) if is_beside else None
    return paths if element is None else paths.union(type_.name for type_ in element.types)
