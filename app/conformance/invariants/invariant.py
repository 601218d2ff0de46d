"""An invariant as a predicate of this language: FHIRPath is what it is known by, not what is run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

Predicate = Callable[[Any], object]


class Invariant(Struct, frozen=True):
    """One invariant: its key and FHIRPath together name it, `on` are the R4 types that have it of themselves."""

    key: str
    expression: str
    text: str
    holds: Predicate
    on: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


def there(value: Any, name: str) -> bool:
    """Whether an element is there: with a value or, a primitive, with extensions only."""
    return name in value or f"_{name}" in value


def chosen(value: Any, name: str) -> bool:
    """Whether a choice element is there, whatever its type."""
    return any(key.startswith(name) and key[len(name) : len(name) + 1].isupper() for key in map(_plain, value))


class ByNames:
    """A predicate that depends only on the names of the elements: the fast pass asks it once per set of names."""

    __slots__ = ("_holds",)

    def __init__(self, holds: Predicate) -> None:
        self._holds = holds

    def __call__(self, value: Any) -> object:
        """Judge an object."""
        return self._holds(value)


def needs(name: str, *others: str) -> Predicate:
    """Where the first element is, one of the others must be."""
    return ByNames(lambda value: not there(value, name) or any(there(value, other) for other in others))


def excludes(name: str, *others: str) -> Predicate:
    """Where the first element is, none of the others may be."""
    return ByNames(lambda value: not there(value, name) or not any(there(value, other) for other in others))


def any_of(*names: str) -> Predicate:
    """One of the elements must be there."""
    return ByNames(lambda value: any(there(value, name) for name in names))


def codings(value: Any, name: str) -> Iterator[dict[str, Any]]:
    """Give the codings of a CodeableConcept, or of each where the element repeats."""
    concepts = value.get(name, ())
    for concept in concepts if isinstance(concepts, list) else [concepts] if concepts else ():
        yield from concept.get("coding", ())


def codes(value: Any, name: str) -> set[object]:
    """Return the codes of a CodeableConcept, whatever their systems."""
    return {coding.get("code") for coding in codings(value, name)}


def coded(value: Any, name: str, system: str) -> set[object]:
    """Return the codes that a CodeableConcept has of one system."""
    return {coding.get("code") for coding in codings(value, name) if coding.get("system") == system}


def _plain(name: str) -> str:
    return name.removeprefix("_")
