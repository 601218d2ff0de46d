"""FHIR's primitive values as Python's: calendar days and exact decimals (http://hl7.org/fhir/R4/datatypes.html#primitive)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Any

_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_DATE = re.compile(rf"(\d{{4}})(?:-(\d\d)(?:-(\d\d)(?:T{_TIME})?)?)?", re.ASCII)


def days(text: str) -> tuple[date, date] | None:
    """Return the first and the last calendar day that a date, dateTime or instant names; None for anything else.

    A year or a month names all of its days. The day is the one written: no zone moves it.
    """
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = found.groups()
    try:
        if day is not None:
            named = date(int(year), int(month), int(day))
            return named, named
        first_month, last_month = (1, 12) if month is None else (int(month), int(month))
        return date(int(year), first_month, 1), date(int(year), last_month, monthrange(int(year), last_month)[1])
    except ValueError:
        return None


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
