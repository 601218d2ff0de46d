"""Values that must contain what a profile gives (ElementDefinition.pattern[x])."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.conformance.checks.fixed import equals


def contains(pattern: Any) -> Callable[[Any], bool]:
    """Return whether a value has all that the pattern has: each element of it, and for each of its list a match."""
    if is_one_code(pattern):
        return _coded(pattern["coding"][0]["system"], pattern["coding"][0]["code"])
    if isinstance(pattern, dict):
        return _object({name: contains(value) for name, value in pattern.items()})
    if isinstance(pattern, list):
        return _list([contains(one) for one in pattern])
    return equals(pattern)


def is_one_code(pattern: Any) -> bool:
    """Whether the pattern is a CodeableConcept with one coding of system and code: most are."""
    codings = pattern.get("coding") if isinstance(pattern, dict) and len(pattern) == 1 else None
    return isinstance(codings, list) and len(codings) == 1 and codings[0].keys() == {"system", "code"}


def _coded(system: str, code: str) -> Callable[[Any], bool]:
    def holds(value: Any) -> bool:
        if type(value) is not dict or type(value.get("coding")) is not list:
            return False
        for one in value["coding"]:
            if type(one) is dict and one.get("code") == code and one.get("system") == system:
                return True
        return False

    return holds


def _object(parts: dict[str, Callable[[Any], bool]]) -> Callable[[Any], bool]:
    wanted = tuple(parts.items())

    def holds(value: Any) -> bool:
        if type(value) is not dict:
            return False
        for name, matches in wanted:  # noqa: SIM110 - a loop is what is fast here
            if name not in value or not matches(value[name]):
                return False
        return True

    return holds


def _list(parts: list[Callable[[Any], bool]]) -> Callable[[Any], bool]:
    def holds(value: Any) -> bool:
        return type(value) is list and all(any(map(matches, value)) for matches in parts)

    return holds
