"""What a slice is told by, where that is one text or one code: then nobody needs to ask slice after slice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from app.conformance.checks.pattern import is_one_code
from app.conformance.definitions.node import Given


class Surroundings(Protocol):
    """What some discriminators need beside the value: the resources it refers to, and whether one meets a profile."""

    def resolve(self, reference: str) -> Any:
        """Return the resource that a reference refers to, or None."""

    def conforms(self, value: Any, profile: str) -> bool:
        """Whether a value meets a profile."""


Matcher = Callable[[Any, Surroundings], bool]


@dataclass(frozen=True, slots=True)
class ByKey:
    """A matcher that goes by one text in the value, found at these names, or by the system and code of a concept there.

    `keys` are the texts, or the pairs of system and code, that are meant.
    """

    names: tuple[str, ...]
    keys: frozenset[str] | frozenset[tuple[str, str]]
    matches: Matcher
    coded: bool = False

    def __call__(self, value: Any, around: Surroundings) -> bool:
        """Whether a value is in the slice."""
        return self.matches(value, around)


def keyed(names: tuple[str, ...], given: Given, matches: Matcher) -> Matcher:
    """Return a matcher together with what it goes by, if it asks for this value at these names and for nothing else."""
    value: Any = given.value
    while given.kind == "pattern" and isinstance(value, dict) and len(value) == 1 and not is_one_code(value):
        (name, value), *_ = value.items()
        names = (*names, name)
    if given.kind == "pattern" and is_one_code(value):
        coding = value["coding"][0]
        return ByKey(names, frozenset(((coding["system"], coding["code"]),)), matches, coded=True)
    return ByKey(names, frozenset((value,)), matches) if names and isinstance(value, str) else matches
