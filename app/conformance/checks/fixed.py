"""Fixed values of a profile (ElementDefinition.fixed[x])."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

_NUMBERS = (int, Decimal)


def equals(expected: Any) -> Callable[[Any], bool]:
    """Return a check that a value and its JSON type equal the expected value; numbers compare by value."""
    if isinstance(expected, str | bool):
        return lambda value: value == expected and type(value) is type(expected)
    return lambda value: _same(value, expected)


def _same(value: Any, expected: Any) -> bool:
    if isinstance(expected, dict):
        return (
            type(value) is dict and value.keys() == expected.keys() and all(_same(value[k], expected[k]) for k in value)
        )
    if isinstance(expected, list):
        return type(value) is list and len(value) == len(expected) and all(map(_same, value, expected))
    if type(expected) in _NUMBERS:
        return type(value) in _NUMBERS and bool(value == expected)
    return type(value) is type(expected) and bool(value == expected)
