"""Translate a date and an R4 prefix to spans of the keys of stored dates (http://hl7.org/fhir/R4/search.html#prefix).

A date is a period of time: a year, a month, a day, a minute and so on. Two such periods never overlap in part: they are
apart, or one contains the other. So only a few longer periods contain a given date, and their keys can be listed.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.fhir.instants import GRADES, interval, placed, sortable
from app.ports import Bounds

PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb")

_WIDER = (4, 7, 10, 16, 19, 21, 22, 23, 24, 25)
"""Lengths to which the text of a moment is cut to name its year, month, day, minute, second or decimal."""

_BEGINNING = "0000-01-01T00:00:00.000000"
"""The rest of the text, after such a cut, of the first moment of the year, month and so on."""


def spans(prefix: str, date: str, *, of_instants: bool = False) -> tuple[Bounds, ...]:
    """Return the spans of keys that match `date` with `prefix`; `of_instants` means that all stored dates are moments.

    Raises ValueError if `date` is not a date.
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
    """Return the key of each longer period that contains a date of this grade, and whether the period ends later."""
    return [
        (low[:cut] + _BEGINNING[cut:] + letter, high[cut:] != _BEGINNING[cut:])
        for cut, letter in zip(_WIDER[:grade], GRADES, strict=False)
    ]


def _exactly(key: str) -> Bounds:
    return key, key[:-1] + chr(ord(key[-1]) + 1)


def _without(keys: list[str], high: str) -> tuple[Bounds, ...]:
    """Return the spans below `high` that leave out `keys`, which are sorted."""
    holes = list(map(_exactly, keys))
    return tuple(zip([None, *(after for _, after in holes)], [*(key for key, _ in holes), high], strict=True))


def _joined(unsorted: Iterable[Bounds]) -> tuple[Bounds, ...]:
    """Sort the spans, and join adjacent ones."""
    joined: list[Bounds] = []
    for low, high in sorted(unsorted, key=lambda bounds: bounds[0] or ""):
        if joined and low is not None and joined[-1][1] == low:
            joined[-1] = joined[-1][0], high
        else:
            joined.append((low, high))
    return tuple(joined)
