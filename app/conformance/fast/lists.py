"""The fast check of elements that repeat."""

from __future__ import annotations

from typing import Any

from app.conformance.compiled.shape import Field
from app.conformance.fast.slices import sliced_list
from app.conformance.fast.unsure import Make, Nested, Notes, Simple, limits_of


def simple_list(field: Field, check: Simple) -> Simple:
    """Return the check of a list of primitives."""
    least, most = limits_of(field)

    def holds(values: Any) -> bool:
        if type(values) is not list or not least <= len(values) <= most:
            return False
        for value in values:  # noqa: SIM110 - a loop is what is fast here
            if not check(value):
                return False
        return True

    return holds


def nested_list(field: Field, make: Make) -> Nested:
    """Return the check of a list of objects."""
    if field.slices:
        return sliced_list(field, make)
    check = make(field.shape)
    least, most = limits_of(field)

    def holds(values: Any, notes: Notes) -> bool:
        if type(values) is not list or not least <= len(values) <= most:
            return False
        for value in values:  # noqa: SIM110 - a loop is what is fast here
            if not check(value, notes):
                return False
        return True

    return holds
