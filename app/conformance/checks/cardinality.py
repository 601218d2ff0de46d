"""How many values an element must and may have (ElementDefinition.min and max)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from app.conformance.base.table import STRUCTURE, BaseElement
from app.conformance.checks.departures import departure
from app.conformance.definitions.node import Node

_NOTHING = Node()


@dataclass(frozen=True, slots=True)
class Needed:
    """An element that must be there: its name, the JSON names one of which will do, and when it need not be."""

    name: str
    names: tuple[str, ...]
    source: str
    unless: Callable[[Any], bool] | None = None


def needed(type_: str, elements: dict[str, BaseElement], node: Node) -> Iterator[Needed]:
    """Give the elements that R4 or a profile requires of an object of this type."""
    for element in elements.values():
        said = node.children.get(element.name, _NOTHING)
        if element.minimum:
            yield Needed(element.name, element.names(), STRUCTURE + type_)
        elif said.minimum or (not element.choice and any(slice_.minimum for slice_ in said.slices.values())):
            yield Needed(
                element.name, _accepted(element, said), said.source, departure(said.source, type_, element.name)
            )
        if element.choice:
            yield from _needed_types(element, said)


def _accepted(element: BaseElement, said: Node) -> tuple[str, ...]:
    """Return the JSON names of an element that the profile accepts."""
    types = {one.code for one in said.types}
    if not element.choice or not types:
        return element.names()
    return tuple(name for name, one in zip(element.names(), element.types, strict=True) if one.name in types)


def _needed_types(element: BaseElement, said: Node) -> Iterator[Needed]:
    """Give the types of a choice that a slice of it requires."""
    for slice_ in said.slices.values():
        types = {one.code for one in slice_.types}
        if slice_.minimum:
            names = (name for name, one in zip(element.names(), element.types, strict=True) if one.name in types)
            yield Needed(element.name, tuple(names), slice_.source)
