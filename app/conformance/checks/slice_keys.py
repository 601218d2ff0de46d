"""Slices with one text or code as discriminator: the value selects its slice by a lookup, without trying each slice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from msgspec import Struct

from app.conformance.checks.pattern import is_one_code
from app.conformance.definitions.node import Given


class Surroundings(Protocol):
    """A source of facts for discriminators: targets of references, and conformance to profiles."""

    def resolve(self, reference: str) -> Any:
        """Return the target of a reference, or None."""

    def conforms(self, value: Any, profile: str) -> bool:
        """Return whether a value conforms to a profile."""


Matcher = Callable[[Any, Surroundings], bool]


class ByKey(Struct, frozen=True):
    """A matcher that compares the text at the path `names` of the value, or the system and code of a concept there.

    `keys` are the texts, or the pairs of system and code, of the slice.
    """

    names: tuple[str, ...]
    keys: frozenset[str] | frozenset[tuple[str, str]]
    matches: Matcher
    coded: bool = False

    def __call__(self, value: Any, around: Surroundings) -> bool:
        """Return whether a value is in the slice."""
        return self.matches(value, around)


def keyed(names: tuple[str, ...], given: Given, matches: Matcher) -> Matcher:
    """Return a matcher by key if the given value is the whole discriminator, else the matcher itself."""
    value: Any = given.value
    while given.kind == "pattern" and isinstance(value, dict) and len(value) == 1 and not is_one_code(value):
        (name, value), *_ = value.items()
        names = (*names, name)
    if given.kind == "pattern" and is_one_code(value):
        coding = value["coding"][0]
        return ByKey(names, frozenset(((coding["system"], coding["code"]),)), matches, coded=True)
    return ByKey(names, frozenset((value,)), matches) if names and isinstance(value, str) else matches
