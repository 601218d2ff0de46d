"""FHIR's primitive values as Python's: calendar days and exact decimals (http://hl7.org/fhir/R4/datatypes.html#primitive)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Any

_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_DATE = re.compile(rf"(\d{{4}})(?:-(\d\d)(?:-(\d\d)(?:T{_TIME})?)?)?", re.ASCII)

_DAY_LENGTH = len("YYYY-MM-DD")


def days(text: str) -> tuple[date, date] | None:
    """Return the first and the last calendar day that a date, dateTime or instant names; None for anything else.

    A year or a month names all of its days. The day is the one written: no zone moves it.
    """
    try:
        # Nearly every text is a day. What else Python reads of that length, the day of a week, has no hyphen there.
        if len(text) == _DAY_LENGTH and text[7] == "-":
            named = date.fromisoformat(text)
            return named, named
        found = _DATE.fullmatch(text)
        return None if found is None else _named(*found.groups())
    except ValueError:
        return None


def _named(year: str, month: str | None, day: str | None) -> tuple[date, date]:
    if month is None:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    if day is None:
        return date(int(year), int(month), 1), date(int(year), int(month), monthrange(int(year), int(month))[1])
    named = date(int(year), int(month), int(day))
    return named, named


def decimal(value: Any) -> Decimal | None:
    """Return a JSON number exactly as it was written; None where the value is no number."""
    kind = type(value)
    if kind is Decimal:
        return value if value.is_finite() else None
    if kind is int:
        return Decimal(value)
    if kind is float:
        return decimal(Decimal(repr(value)))
    return None
