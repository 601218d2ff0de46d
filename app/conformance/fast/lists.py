"""Check elements that repeat."""

from __future__ import annotations

from typing import Any

from app.conformance.compiled.shape import Field
from app.conformance.fast.slices import sliced_list
from app.conformance.fast.unsure import MakeCheck, Notes, ObjectCheck, ValueCheck, limits_of


def simple_list(field: Field, check: ValueCheck) -> ValueCheck:
    """Return the check of a list of primitives."""
    least, most = limits_of(field)

    return lambda values: type(values) is list and least <= len(values) <= most and all(map(check, values))


def nested_list(field: Field, make: MakeCheck) -> ObjectCheck:
    """Return the check of a list of objects."""
    if field.slices:
        return sliced_list(field, make)
    check = make(field.shape)
    least, most = limits_of(field)

    def is_valid(values: Any, notes: Notes) -> bool:
        if type(values) is not list or not least <= len(values) <= most:
            return False
        for value in values:
            if not check(value, notes):
                return False
        return True

    return is_valid
