"""Lengths of time in ISO 8601: calendar days and months for a grant, days or hours for a deadline."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

_PERIOD = re.compile(r"P(?=[0-9])(?:([0-9]{1,2})Y)?(?:([0-9]{1,3})M)?(?:([0-9]{1,3})W)?(?:([0-9]{1,4})D)?")
_TIME = re.compile(r"P(?:([0-9]{1,3})D|T([0-9]{1,4})H)")

_LAST_DAY = date.max.toordinal()
_MONTH_STARTS = tuple(date(2026, month, 1) for month in range(1, 13))


class Span(Struct, frozen=True):
    """A number of calendar months and days."""

    months: int
    days: int

    @classmethod
    def parse(cls, value: Any) -> Span:
        """Read a period such as P60D, P12W, P6M or P1Y. Raises ValueError for any other text and for a zero length."""
        parts = _PERIOD.fullmatch(value) if isinstance(value, str) else None
        years, months, weeks, days = (int(part or 0) for part in parts.groups()) if parts else (0, 0, 0, 0)
        span = cls(12 * years + months, 7 * weeks + days)
        if not (span.months or span.days):
            raise ValueError("must be an ISO 8601 period such as P60D, P12W or P6M")
        return span

    def end(self, start: date) -> date:
        """Return the last day of a span that begins on `start`; both days count.

        A month ends on the day before the same day of the next month, or on that month's last day if it is too short.
        The result never exceeds `date.max`.
        """
        after, whole = self._months_after(start) if self.months else (start, True)
        return shifted(after, self.days - whole)

    def may_exceed(self, other: Span) -> bool:
        """Return whether this span can end later than `other` if both begin on the first day of a month."""
        return any(self.end(start) > other.end(start) for start in _MONTH_STARTS)

    def _months_after(self, start: date) -> tuple[date, bool]:
        """Return the day `months` after `start` and True; if the month has no such day, its last day and False."""
        years, month = divmod(start.month - 1 + self.months, 12)
        year, month = start.year + years, month + 1
        if year > date.max.year:
            return date.max, False
        length = monthrange(year, month)[1]
        whole = start.day <= length
        return date(year, month, start.day if whole else length), whole


def shifted(day: date, days: int) -> date:
    """Return a day later or earlier, at most the ends of the calendar."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), _LAST_DAY))


def parse_time(value: Any) -> timedelta:
    """Read a time limit such as PT72H or P7D. Raises ValueError for any other text and for a zero length."""
    parts = _TIME.fullmatch(value) if isinstance(value, str) else None
    time = timedelta(days=int(parts[1] or 0), hours=int(parts[2] or 0)) if parts else timedelta()
    if not time:
        raise ValueError("must be a time such as PT72H or P7D")
    return time
