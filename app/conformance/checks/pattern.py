"""Patterns of a profile: values that an element must contain (ElementDefinition.pattern[x])."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.conformance.checks.fixed import equals


def contains(pattern: Any) -> Callable[[Any], bool]:
    """Return a check that a value has every element of the pattern, and a match for each value of its lists."""
    if isinstance(pattern, dict):
        return _object({name: contains(value) for name, value in pattern.items()})
    if isinstance(pattern, list):
        return _list([contains(part) for part in pattern])
    return equals(pattern)


def is_one_code(pattern: Any) -> bool:
    """Return whether the pattern is a CodeableConcept with exactly one system and code."""
    codings = pattern.get("coding") if isinstance(pattern, dict) and len(pattern) == 1 else None
    return isinstance(codings, list) and len(codings) == 1 and codings[0].keys() == {"system", "code"}


def _object(parts: dict[str, Callable[[Any], bool]]) -> Callable[[Any], bool]:
    return lambda value: (
        type(value) is dict and all(name in value and matches(value[name]) for name, matches in parts.items())
    )


def _list(parts: list[Callable[[Any], bool]]) -> Callable[[Any], bool]:
    return lambda value: type(value) is list and all(any(map(matches, value)) for matches in parts)
