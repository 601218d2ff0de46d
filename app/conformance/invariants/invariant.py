"""An invariant as a Python predicate. Its published FHIRPath identifies it and is never evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

Predicate = Callable[[Any], object]


class Invariant(Struct, frozen=True):
    """One invariant, identified by its key and its FHIRPath.

    `on`: the R4 types or elements that define it. `also`: other published forms of the expression.
    """

    key: str
    expression: str
    text: str
    holds: Predicate
    on: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


def there(value: Any, name: str) -> bool:
    """Return whether an element is present. A primitive with only extensions counts as present."""
    return name in value or f"_{name}" in value


def chosen(value: Any, name: str) -> bool:
    """Return whether a choice element is present, with any type."""
    return any(key.startswith(name) and key[len(name) : len(name) + 1].isupper() for key in map(_plain, value))


class ByNames:
    """A predicate on the names of the elements only. The fast pass evaluates it once for each set of names."""

    __slots__ = ("_holds",)

    def __init__(self, holds: Predicate) -> None:
        self._holds = holds

    def __call__(self, value: Any) -> object:
        """Evaluate the predicate for an object."""
        return self._holds(value)


def needs(name: str, *others: str) -> Predicate:
    """Require one of the others if the first element is present."""
    return ByNames(lambda value: not there(value, name) or any(there(value, other) for other in others))


def excludes(name: str, *others: str) -> Predicate:
    """Forbid the others if the first element is present."""
    return ByNames(lambda value: not there(value, name) or not any(there(value, other) for other in others))


def any_of(*names: str) -> Predicate:
    """Require at least one of the elements."""
    return ByNames(lambda value: any(there(value, name) for name in names))


def codings(value: Any, name: str) -> Iterator[dict[str, Any]]:
    """Yield the codings of a CodeableConcept, or of each of them if the element repeats."""
    concepts = value.get(name, ())
    for concept in concepts if isinstance(concepts, list) else [concepts] if concepts else ():
        yield from concept.get("coding", ())


def codes(value: Any, name: str) -> set[object]:
    """Return the codes of a CodeableConcept in any system."""
    return {coding.get("code") for coding in codings(value, name)}


def coded(value: Any, name: str, system: str) -> set[object]:
    """Return the codes of a CodeableConcept in one system."""
    return {coding.get("code") for coding in codings(value, name) if coding.get("system") == system}


def _plain(name: str) -> str:
    return name.removeprefix("_")
