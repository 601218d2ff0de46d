"""A rule on one value, made by any kind of check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct


class Family(StrEnum):
    """Families of rules: a level of strictness gives one severity to each."""

    STRUCTURE = "structure"
    INVARIANT = "invariant"
    PROFILE = "profile"
    TERMINOLOGY = "terminology"
    EXTENSION = "extension"
    MODIFIER = "modifier"
    FRAME = "frame"
    NEEDED = "needed"
    CLOSURE = "closure"
    REACH = "reach"
    SEQUENCE = "sequence"
    LINK = "link"
    UPDATE = "update"
    CHANGE = "change"
    GUIDE = "guide"
    ADVICE = "advice"


class Rule(Struct, frozen=True):
    """A predicate over one value, and the text of the issue if it is false. `source` is the profile that has the rule.

    `holds` may raise for a value of an unexpected JSON type.
    """

    key: str
    family: Family
    code: str
    text: str
    source: str
    holds: Callable[[Any], object]


def one_of(names: Sequence[str]) -> str:
    """Join names for the text of an issue: `A, B or C`."""
    *first, last = names or ("",)
    return f"{', '.join(first)} or {last}" if first else last
