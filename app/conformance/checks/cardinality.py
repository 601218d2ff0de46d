"""The elements that an object must have (ElementDefinition.min)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from app.conformance.base.table import STRUCTURE, BaseElement
from app.conformance.checks.departures import departure
from app.conformance.definitions.node import Node

_NO_CONSTRAINTS = Node()


class RequiredElement(Struct, frozen=True):
    """A required element: one of the JSON names must be present, `unless` the predicate exempts the object."""

    name: str
    names: tuple[str, ...]
    source: str
    unless: Callable[[Any], bool] | None = None


def required_elements(type_: str, elements: dict[str, BaseElement], node: Node) -> Iterator[RequiredElement]:
    """Yield the elements that R4 or a profile requires of an object of this type."""
    for element in elements.values():
        profiled = node.children.get(element.name, _NO_CONSTRAINTS)
        if element.minimum:
            yield RequiredElement(element.name, element.names(), STRUCTURE + type_)
        elif profiled.minimum or (not element.choice and any(slice_.minimum for slice_ in profiled.slices.values())):
            exemption = departure(profiled.source, type_, element.name)
            yield RequiredElement(element.name, _allowed_names(element, profiled), profiled.source, exemption)
        if element.choice:
            yield from _required_types(element, profiled)


def _allowed_names(element: BaseElement, profiled: Node) -> tuple[str, ...]:
    """Return the JSON names of an element that the profile allows."""
    types = {type_.code for type_ in profiled.types}
    return _names_of_types(element, types) if element.choice and types else element.names()


def _required_types(element: BaseElement, profiled: Node) -> Iterator[RequiredElement]:
    """Yield the types of a choice element that its slices require."""
    for slice_ in profiled.slices.values():
        if slice_.minimum:
            names = _names_of_types(element, {type_.code for type_ in slice_.types})
            yield RequiredElement(element.name, names, slice_.source)


def _names_of_types(element: BaseElement, types: set[str]) -> tuple[str, ...]:
    return tuple(name for name, type_ in zip(element.names(), element.types, strict=True) if type_.name in types)
