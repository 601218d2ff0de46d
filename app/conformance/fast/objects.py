"""The fast check of an object: what follows from the names of its elements alone is found out once a set of names.

Objects of a shape have few sets of names, and in the same order as a rule: a Coding is system, code and display.
"""

from __future__ import annotations

from typing import Any

from app.conformance.compiled.shape import Shape
from app.conformance.fast.fields import Fields
from app.conformance.fast.unsure import MOST_NESTED, Make, Nested, Notes, NotSureError, Simple
from app.conformance.invariants.invariant import ByNames

_MOST_PLANS = 256
"""How many sets of names are remembered for a shape, so that nobody can fill the memory with them."""


Plan = tuple[tuple[tuple[str, Simple], ...], tuple[tuple[str, Nested], ...], tuple[Simple, ...]]
"""The checks of the primitive and of the other elements of an object with certain names, and of it as a whole."""


def plain_object(shape: Shape, make: Make) -> Nested:  # noqa: C901 - what is done most often is done in one step
    """Return the check of an object's elements, and then of what it must hold to as a whole."""
    plans = _Plans(shape, make)

    def holds(value: Any, notes: Notes) -> bool:  # noqa: C901 - the same
        simple, nested, rules = plans[tuple(value)]
        for name, check in simple:
            if not check(value[name]):
                return False
        if nested:
            level = notes.level
            if level == MOST_NESTED:
                return False
            notes.level = level + 1
            for name, below in nested:
                if not below(value[name], notes):
                    return False
            notes.level = level
        if rules:
            for rule in rules:
                if not rule(value):
                    return False
        return True

    return holds


class _Plans(dict[tuple[str, ...], Plan]):
    """What a shape asks of an object with certain names, by these names in their order."""

    def __init__(self, shape: Shape, make: Make) -> None:
        super().__init__()
        self._shape = shape
        self._fields = Fields(shape, make)
        self._by_names = [rule.holds for rule in shape.rules if isinstance(rule.holds, ByNames)]
        self._rules = tuple(rule.holds for rule in shape.rules if not isinstance(rule.holds, ByNames))

    def __missing__(self, names: tuple[str, ...]) -> Plan:
        """Find out what is asked. Raises NotSureError where the names alone say that something may be wrong."""
        plan = self._made(names)
        if len(self) < _MOST_PLANS:
            self[names] = plan
        return plan

    def _made(self, names: tuple[str, ...]) -> Plan:
        if not names or names == ("id",):
            raise NotSureError
        for name in names:
            self._fields.learn(name)
        given = set(names)
        if not self._are_enough(given):
            raise NotSureError
        simple, nested = self._fields.simple, self._fields.nested
        asked = tuple((name, simple[name]) for name in names if name in simple)
        below = tuple((name, nested[name]) for name in names if name in nested)
        return asked, below, self._rules

    def _are_enough(self, names: set[str]) -> bool:
        """Whether nothing is missing, and nothing excludes something else."""
        given = dict.fromkeys(names)
        return (
            all(names.intersection(one.names) for one in self._shape.required)
            and all(len(names & choice) <= 1 for _, choice in self._shape.choices)
            and all(holds(given) for holds in self._by_names)
        )
