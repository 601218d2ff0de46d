"""Check sliced elements: find the slice of each value, and count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.conformance.base.table import named
from app.conformance.checks.paths import may_be_choice
from app.conformance.checks.slice_keys import ByKey
from app.conformance.compiled.shape import Field, Slice
from app.conformance.fast.unsure import NO_LIMIT, UNSURE, MakeCheck, Notes, NotSureError, ObjectCheck, limits_of


def sliced_list(field: Field, make: MakeCheck) -> ObjectCheck:
    """Return the check of each value by its slice, and of the number of values in each slice.

    Ordered slices and values in two slices go to the diagnosing pass.
    """
    checks = [make(slice_.shape) for slice_ in field.slices]
    counted = [
        (number, slice_.minimum, NO_LIMIT if slice_.maximum is None else slice_.maximum)
        for number, slice_ in enumerate(field.slices)
        if slice_.minimum or slice_.maximum is not None
    ]
    other = make(field.shape)
    which, ordered, closed = _which(field), field.ordered, field.closed
    least, most = limits_of(field)

    def is_valid(values: Any, notes: Notes) -> bool:
        if ordered or type(values) is not list or not least <= len(values) <= most:
            return False
        counts = [0] * len(checks)
        for value in values:
            number = which(value)
            if number is None:
                if closed or not other(value, notes):
                    return False
            else:
                counts[number] += 1
                if not checks[number](value, notes):
                    return False
        return _all_within(counts, counted)

    return is_valid


def _all_within(counts: list[int], limits: list[tuple[int, int, int]]) -> bool:
    """Return whether the number of values in each slice is within its limits (number, minimum, maximum)."""
    for number, fewest, limit in limits:
        if not fewest <= counts[number] <= limit:
            return False
    return True


Which = Callable[[Any], int | None]
"""Returns the number of the slice of a value."""


def _which(field: Field) -> Which:
    """Look up the slice by its text or code if every slice has one; else try each slice."""
    by_place: dict[tuple[tuple[str, ...], bool], dict[Any, int]] = {}
    for number, matches in enumerate(slice_.matches for slice_ in field.slices):
        if not isinstance(matches, ByKey) or may_be_choice(matches.names[:1], named(field.shape.type)):
            return _by_all(field.slices)
        numbers = by_place.setdefault((matches.names, matches.coded), {})
        if not matches.keys.isdisjoint(numbers):
            return _by_all(field.slices)
        numbers.update(dict.fromkeys(matches.keys, number))
    lookups = [(_by_code if coded else _by_text)(names, keys) for (names, coded), keys in by_place.items()]
    return lookups[0] if len(lookups) == 1 else _by_several(lookups)


def _by_text(names: tuple[str, ...], numbers: dict[Any, int]) -> Which:
    *path, last = names

    def which(value: Any) -> int | None:
        for name in path:
            value = value[name]
        return numbers.get(value[last]) if last in value else None

    return which


def _by_code(names: tuple[str, ...], numbers: dict[Any, int]) -> Which:
    def which(value: Any) -> int | None:
        for name in names:
            if name not in value:
                return None
            value = value[name]
        number = None
        for coding in value.get("coding", ()):
            number = _same(number, numbers.get((coding.get("system"), coding.get("code"))))
        return number

    return which


def _by_several(lookups: list[Which]) -> Which:
    def which(value: Any) -> int | None:
        number = None
        for lookup in lookups:
            number = _same(number, lookup(value))
        return number

    return which


def _same(number: int | None, another: int | None) -> int | None:
    """Return the number that is not None. Raises NotSureError for two different numbers."""
    if number is None:
        return another
    if another is None or another == number:
        return number
    raise NotSureError


def _by_all(slices: tuple[Slice, ...]) -> Which:
    """Try each slice. Raises NotSureError for a value in two slices."""
    matchers = [(number, slice_.matches) for number, slice_ in enumerate(slices) if slice_.matches is not None]

    def which(value: Any) -> int | None:
        match = None
        for number, matches in matchers:
            if matches(value, UNSURE):
                match = _same(match, number)
        return match

    return which
