"""A rule on one value, made by any kind of check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

UNEXPECTED_JSON = (TypeError, KeyError, ValueError, AttributeError, IndexError, ArithmeticError)
"""The exceptions that a check may raise for a value of an unexpected JSON type."""


class Family(StrEnum):
    """Families of rules: a level of strictness gives one severity to each.

    On single values:
    `STRUCTURE`: the JSON types, elements, formats and codes of R4. `INVARIANT`: R4's invariants. `PROFILE`: the
    constraints of a profile. `TERMINOLOGY`: its bindings. `EXTENSION`: the context of an extension, and its
    parts. `UNDEFINED`: extensions without a definition. `MODIFIER`: modifier extensions that the server does not know.
    `GUIDE`: rules that only the text of the guide has. `ADVICE`: recommendations.

    On a Bundle:
    `FRAME`: the first entry, and each fullUrl. `NEEDED`: references that a decision needs (patient, insurer, provider,
    coverage, updated Claim). `CLOSURE`: other references out of the Bundle. `CONNECTION`: entries that no chain of
    references connects to the Claim.

    On a Claim:
    `SEQUENCE`: numbers in supportingInfo. `LINK`: other sequence numbers, and references to them. `INFORMATION`:
    references of items to supporting information. `UPDATE`: the items of an update. `CHANGE`: marks of changed items,
    and Claims older than the updated Claim.
    """

    STRUCTURE = "structure"
    INVARIANT = "invariant"
    PROFILE = "profile"
    TERMINOLOGY = "terminology"
    EXTENSION = "extension"
    UNDEFINED = "undefined"
    MODIFIER = "modifier"
    GUIDE = "guide"
    ADVICE = "advice"
    FRAME = "frame"
    NEEDED = "needed"
    CLOSURE = "closure"
    CONNECTION = "connection"
    SEQUENCE = "sequence"
    LINK = "link"
    INFORMATION = "information"
    UPDATE = "update"
    CHANGE = "change"


class Rule(Struct, frozen=True):
    """A predicate over one value, and the text of the issue if it is false. `source` is the profile that has the rule.

    `holds` may raise UNEXPECTED_JSON.
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
