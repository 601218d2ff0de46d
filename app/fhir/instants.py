"""Read and write the dates and times of FHIR: as instants, as sortable text, and as periods of time."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

import msgspec

_DATE_TIME = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:T(?P<hour>[01]\d|2[0-3]):[0-5]\d"
    r"(?::(?P<second>[0-5]\d|60)(?:\.(?P<fraction>\d+))?)?"
    r"(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?)?)?",
    re.ASCII,
)
_encoder = msgspec.json.Encoder()
"""Writes a moment five times as fast as `isoformat`, with microseconds unless they are 0."""

_WIDTH = len("2026-03-01T10:30:15.123456Z")
_TO_MILLISECONDS = len("2026-03-01T10:30:15.123")
_LEAP_SECOND = "60"
_FIRST = "01"
_DAY = timedelta(days=1)
_TICK = timedelta(milliseconds=1)
"""The precision of the instants that this server writes."""

_LAST = datetime.max.replace(tzinfo=UTC)
_LAST_MONTH = 12
_MICROSECOND_DIGITS = 6


GRADES = "ABCDEFGHIJZ"
"""A letter for each precision of a date, from a year to a microsecond."""


def instant(moment: datetime) -> str:
    """Write a moment as a FHIR instant, in UTC, to the millisecond (http://hl7.org/fhir/R4/datatypes.html#instant)."""
    return as_instant(sortable(moment))


def as_instant(written: str) -> str:
    """Turn `sortable` text into a FHIR instant."""
    return f"{written[:_TO_MILLISECONDS]}Z"


def sortable(moment: datetime) -> str:
    """Write a moment as UTC text of fixed width: texts sort like moments."""
    text = _encoder.encode(moment.astimezone(UTC)).decode()[1:-1]
    return text if len(text) == _WIDTH else f"{text[:-1]}.000000Z"


def next_moment(now: datetime, before: datetime) -> datetime:
    """Return the time of a change: now, but at least a millisecond after `before`, even if the clock went back."""
    return max(now, before + _TICK)


def day(text: str) -> date | None:
    """Return the calendar day that a date or dateTime names; None for a month, a year, or no date."""
    first_and_last = days(text)
    return first_and_last[0] if first_and_last is not None and first_and_last[0] == first_and_last[1] else None


def days(text: str) -> tuple[date, date] | None:
    """Return the first and the last calendar day that a date, dateTime or instant names; None for any other text.

    A year or a month names all of its days. The day is as written; a time zone does not change it.
    """
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return None
    year, month, day_of_month = match.group("year", "month", "day")
    try:
        first = date.fromisoformat(f"{year}-{month or _FIRST}-{day_of_month or _FIRST}")
    except ValueError:
        return None
    last_month = first.month if month else _LAST_MONTH
    return first, first if day_of_month else date(first.year, last_month, monthrange(first.year, last_month)[1])


def first_moment(text: str) -> str:
    """Return the first moment of a date as `sortable` text. Raises ValueError if the text is not a date."""
    return sortable(_read(text)[1])


def placed(text: str) -> str:
    """Return the key to sort and search a date: its first moment and the letter of its precision.

    Of dates with the same first moment, the longest comes first. Raises ValueError if the text is not a date.
    """
    match, start = _read(text)
    return sortable(start)[:-1] + _grade(match)


def interval(text: str) -> tuple[datetime, datetime]:
    """Return the half-open period, in UTC, of a date or dateTime of any precision; without a zone, it is in UTC.

    `2026-03` is the whole of March, `2026-03-01T10:00:00Z` one second. A leap second is read as the next second. Raises
    ValueError if the text is not a date.
    """
    match, start = _read(text)
    return start, _end(start, match)


def _read(text: str) -> tuple[re.Match[str], datetime]:
    match = _DATE_TIME.fullmatch(text)
    try:
        if match is not None:
            return match, _start(match)
    except (ValueError, OverflowError):
        pass
    raise ValueError("A date must have the form YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with a zone.")


def _grade(match: re.Match[str]) -> str:
    """Return the letter of the precision of a date."""
    for grade, part in enumerate(("month", "day", "hour", "second")):
        if match[part] is None:
            return GRADES[grade]
    digits = min(len(match["fraction"] or ""), _MICROSECOND_DIGITS)
    return GRADES[GRADES.index("E") + digits]


def _start(match: re.Match[str]) -> datetime:
    if match["hour"] is None:
        year, month, day = match.group("year", "month", "day")
        return datetime.fromisoformat(f"{year}-{month or _FIRST}-{day or _FIRST}T00Z")
    if match["second"] == _LEAP_SECOND:
        at = match.start("second")
        written = datetime.fromisoformat(f"{match[0][:at]}59{match[0][at + 2 :]}") + timedelta(seconds=1)
    else:
        written = datetime.fromisoformat(match[0])
    return written.astimezone(UTC) if written.tzinfo else written.replace(tzinfo=UTC)


def _end(start: datetime, match: re.Match[str]) -> datetime:
    """Return the end of the period of a date; the year 9999 is the last one."""
    try:
        if match["hour"] is not None:
            return start + _precision(match)
        if match["day"] is not None:
            return start + _DAY
        if match["month"] is not None and start.month < _LAST_MONTH:
            return start.replace(month=start.month + 1)
        return start.replace(year=start.year + 1, month=1)
    except (ValueError, OverflowError):
        return _LAST


def _precision(match: re.Match[str]) -> timedelta:
    if match["second"] is None:
        return timedelta(minutes=1)
    digits = min(len(match["fraction"] or ""), _MICROSECOND_DIGITS)
    return timedelta(microseconds=10 ** (_MICROSECOND_DIGITS - digits))
