"""Joined terms: several terms of a document as one, so that a store finds a page by one lookup.

A store drives a query by one term. A page of the worklist has conditions of which none is selective alone: a payer has
many closed Tasks, and other payers have open ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from app.access.reach import PAYER
from app.ports import AnyOf, Term

JOINED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "Task": ((PAYER, "status"), (PAYER, "status", "priority"), (PAYER, "status", "owner")),
}
"""By type, the names of the terms that are joined; the longer joins come last."""

_MOST_VALUES = 20
"""A condition with more values than these is not joined: each value is a lookup."""


def joined_terms(type_: str, terms: Sequence[Term]) -> Iterator[Term]:
    """Yield the joined terms of a document with these terms."""
    for names in JOINED.get(type_, ()):
        values = [[value for name, value in terms if name == part] for part in names]
        for each in product(*values):
            yield _name(names), _value(each)


def joined_condition(type_: str, conditions: Sequence[AnyOf]) -> AnyOf | None:
    """Return the longest join whose parts all have a condition; None if there is none."""
    values = {condition.name: condition.values for condition in conditions}
    for names in reversed(JOINED.get(type_, ())):
        if all(name in values for name in names):
            joined = [_value(each) for each in product(*(values[name] for name in names))]
            if len(joined) <= _MOST_VALUES:
                return AnyOf(_name(names), tuple(joined))
    return None


def _name(names: Sequence[str]) -> str:
    return "joined:" + "+".join(names)


def _value(values: Sequence[str]) -> str:
    return "\n".join(values)
