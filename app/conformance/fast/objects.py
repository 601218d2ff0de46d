"""Check objects by a plan for each set of element names.

The objects of a shape have few sets of names, mostly in the same order: a Coding has system, code and display.
"""

from __future__ import annotations

from typing import Any

from app.conformance.compiled.shape import Shape
from app.conformance.fast.fields import Fields
from app.conformance.fast.unsure import MOST_NESTED, MakeCheck, Notes, NotSureError, ObjectCheck, ValueCheck
from app.conformance.invariants.invariant import ByNames

_MOST_PLANS = 256
"""The most plans of a shape, so that no client can fill the memory."""


Plan = tuple[tuple[tuple[str, ValueCheck], ...], tuple[tuple[str, ObjectCheck], ...], tuple[ValueCheck, ...]]
"""The checks of the primitive elements, of the other elements, and of the whole object."""


def plain_object(shape: Shape, make: MakeCheck) -> ObjectCheck:  # noqa: C901 - the innermost loop: calls in it would cost 6 % of a submit
    """Return the check of an object: its elements, then the rules on the whole object."""
    plans = _Plans(shape, make)

    def is_valid(value: Any, notes: Notes) -> bool:  # noqa: C901 - the same
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

    return is_valid


class _Plans(dict[tuple[str, ...], Plan]):
    """The plans of a shape, by the names of the elements in their order."""

    def __init__(self, shape: Shape, make: MakeCheck) -> None:
        super().__init__()
        self._shape = shape
        self._fields = Fields(shape, make)
        self._by_names = [rule.holds for rule in shape.rules if isinstance(rule.holds, ByNames)]
        self._rules = tuple(rule.holds for rule in shape.rules if not isinstance(rule.holds, ByNames))

    def __missing__(self, names: tuple[str, ...]) -> Plan:
        """Make the plan. Raises NotSureError if the names alone show that the object may be invalid."""
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
        values = tuple((name, simple[name]) for name in names if name in simple)
        objects = tuple((name, nested[name]) for name in names if name in nested)
        return values, objects, self._rules

    def _are_enough(self, names: set[str]) -> bool:
        """Return whether no required element is missing and no two elements exclude each other."""
        given = dict.fromkeys(names)
        return (
            all(names.intersection(required.names) for required in self._shape.required)
            and all(len(names & choice) <= 1 for _, choice in self._shape.choices)
            and all(is_valid(given) for is_valid in self._by_names)
        )
