"""The fast check of elements that repeat, sliced or not."""

from __future__ import annotations

from typing import Any

from app.conformance.shapes.shape import Field, Slice
from app.conformance.walk.unsure import UNSURE, Make, Nested, Notes, Simple

_NO_LIMIT = 1 << 30


def simple_list(field: Field, check: Simple) -> Simple:
    """Return the check of a list of primitives."""
    least, most = max(field.minimum, 1), _NO_LIMIT if field.maximum is None else field.maximum

    def holds(values: Any) -> bool:
        if type(values) is not list or not least <= len(values) <= most:
            return False
        return all(map(check, values))

    return holds


def nested_list(field: Field, make: Make) -> Nested:
    """Return the check of a list of objects."""
    if field.slices:
        return _sliced(field, make)
    check = make(field.shape)
    least, most = max(field.minimum, 1), _NO_LIMIT if field.maximum is None else field.maximum

    def holds(values: Any, notes: Notes) -> bool:
        if type(values) is not list or not least <= len(values) <= most:
            return False
        for value in values:  # noqa: SIM110 - a loop is what is fast here
            if not check(value, notes):
                return False
        return True

    return holds


def _sliced(field: Field, make: Make) -> Nested:
    """Check each value by the slice it is in, and count. Order, and values of two slices, are not for the fast pass."""
    checks = [(one, one.matches, make(one.shape)) for one in field.slices if one.matches is not None]
    other = make(field.shape)
    least, most = max(field.minimum, 1), _NO_LIMIT if field.maximum is None else field.maximum

    def holds(values: Any, notes: Notes) -> bool:
        if field.ordered or type(values) is not list or not least <= len(values) <= most:
            return False
        counts = [0] * len(checks)
        for value in values:
            found = [place for place, (_, matches, _check) in enumerate(checks) if matches(value, UNSURE)]
            if len(found) > 1 or (field.closed and not found):
                return False
            check = checks[found[0]][2] if found else other
            if found:
                counts[found[0]] += 1
            if not check(value, notes):
                return False
        return all(map(_within, field.slices, counts))

    return holds


def _within(slice_: Slice, count: int) -> bool:
    return slice_.minimum <= count and (slice_.maximum is None or count <= slice_.maximum)
