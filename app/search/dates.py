"""Dates as a search compares them: each prefix of R4 as spans of the keys that stored dates have.

A date stands for a span of time, and of two such spans one contains the other or they are apart. So whatever contains
a date is one of a few wider dates, which are known by name. http://hl7.org/fhir/R4/search.html#prefix
"""

from __future__ import annotations

from collections.abc import Iterable

from app.fhir.instants import GRADES, interval, placed, sortable

PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb")

Bounds = tuple[str | None, str | None]
"""`low <= key < high`; None is open."""

_WIDER = (4, 7, 10, 16, 19, 21, 22, 23, 24, 25)
"""Where the text of a moment is cut to name the year, month, day, minute, second or decimal that it is in."""

_BEGINNING = "0000-01-01T00:00:00.000000"
"""How the text of a moment goes on from such a cut where the year, month … begins."""


def spans(prefix: str, date: str, *, of_instants: bool = False) -> tuple[Bounds, ...]:
    """Return the spans of keys that fit `date` under `prefix`; with `of_instants`, all stored dates are moments.

    Raises ValueError for what is no date.
    """
    low, high = (sortable(moment)[:-1] for moment in interval(date))
    key = placed(date)
    own, grade = (low, 0) if of_instants else (key, GRADES.index(key[-1]))
    match prefix:
        case "eq":
            return ((own, high),)
        case "ne":
            return (None, own), (high, None)
        case "lt":
            return ((None, low),)
        case "le":
            return _joined([(None, low), (own, high)])
        case "sa":
            return ((high, None),)
        case "eb":
            return _without([wider for wider, _ in _wider(low, high, grade) if wider < low], low)
        case _:
            later = (_exactly(wider) for wider, ends_later in _wider(low, high, grade) if ends_later)
            return _joined([(own if prefix == "ge" else high, None), *later])


def _wider(low: str, high: str, grade: int) -> list[tuple[str, bool]]:
    """Return the key of each wider date that contains a date of that grade, and whether it ends later."""
    return [
        (low[:cut] + _BEGINNING[cut:] + letter, high[cut:] != _BEGINNING[cut:])
        for cut, letter in zip(_WIDER[:grade], GRADES, strict=False)
    ]


def _exactly(key: str) -> Bounds:
    return key, key[:-1] + chr(ord(key[-1]) + 1)


def _without(keys: list[str], high: str) -> tuple[Bounds, ...]:
    """Return what lies below `high`, without `keys`, which are in order."""
    holes = list(map(_exactly, keys))
    return tuple(zip([None, *(after for _, after in holes)], [*(key for key, _ in holes), high], strict=True))


def _joined(found: Iterable[Bounds]) -> tuple[Bounds, ...]:
    """Return the spans in order, those that touch as one."""
    joined: list[Bounds] = []
    for low, high in sorted(found, key=lambda bounds: bounds[0] or ""):
        if joined and low is not None and joined[-1][1] == low:
            joined[-1] = joined[-1][0], high
        else:
            joined.append((low, high))
    return tuple(joined)
