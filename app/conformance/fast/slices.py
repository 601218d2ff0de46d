"""The fast check of elements that are sliced: which slice a value is in, and how many each has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.conformance.base.table import named
from app.conformance.checks.paths import may_be_choice
from app.conformance.checks.slice_keys import ByKey
from app.conformance.compiled.shape import Field, Slice
from app.conformance.fast.unsure import NO_LIMIT, UNSURE, Make, Nested, Notes, NotSureError, limits_of


def sliced_list(field: Field, make: Make) -> Nested:
    """Check each value by the slice it is in, and count. Order, and values of two slices, are not for the fast pass."""
    checks = [make(one.shape) for one in field.slices]
    counted = [
        (number, one.minimum, NO_LIMIT if one.maximum is None else one.maximum)
        for number, one in enumerate(field.slices)
        if one.minimum or one.maximum is not None
    ]
    other = make(field.shape)
    which, ordered, closed = _which(field), field.ordered, field.closed
    least, most = limits_of(field)

    def holds(values: Any, notes: Notes) -> bool:
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
        return not counted or _all_within(counts, counted)

    return holds


def _all_within(counts: list[int], limits: list[tuple[int, int, int]]) -> bool:
    """Whether there are as many values in slices as those with limits, each by its number, accept."""
    return all(fewest <= counts[number] <= limit for number, fewest, limit in limits)


Which = Callable[[Any], int | None]
"""Tells the number of the slice that a value is in."""


def _which(field: Field) -> Which:
    """Look the slice up by the texts or codes that tell them apart, if these alone do; else ask each."""
    by_place: dict[tuple[tuple[str, ...], bool], dict[Any, int]] = {}
    for number, matches in enumerate(one.matches for one in field.slices):
        if not isinstance(matches, ByKey) or may_be_choice(matches.names[:1], named(field.shape.type)):
            return _by_all(field.slices)
        numbers = by_place.setdefault((matches.names, matches.coded), {})
        if not matches.keys.isdisjoint(numbers):
            return _by_all(field.slices)
        numbers.update(dict.fromkeys(matches.keys, number))
    looks = [(_by_code if coded else _by_text)(names, found) for (names, coded), found in by_place.items()]
    return looks[0] if len(looks) == 1 else _by_several(looks)


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
        for one in value.get("coding", ()):
            number = _same(number, numbers.get((one.get("system"), one.get("code"))))
        return number

    return which


def _by_several(looks: list[Which]) -> Which:
    def which(value: Any) -> int | None:
        number = None
        for look in looks:
            number = _same(number, look(value))
        return number

    return which


def _same(number: int | None, another: int | None) -> int | None:
    """Return the one number of the two, if there is any. Raises NotSureError where they differ."""
    if number is None:
        return another
    if another is None or another == number:
        return number
    raise NotSureError


def _by_all(slices: tuple[Slice, ...]) -> Which:
    """Ask of each slice whether the value is in it. Raises NotSureError where it is in two."""
    matchers = [(number, one.matches) for number, one in enumerate(slices) if one.matches is not None]

    def which(value: Any) -> int | None:
        found = None
        for number, matches in matchers:
            if matches(value, UNSURE):
                found = _same(found, number)
        return found

    return which
