"""The time limits of decisions: hours and calendar days by the clock, or business days of the payer."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.domain.span import parse_time

_BUSINESS_DAYS = re.compile(r"([1-9][0-9]?) business days?")
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class Calendar(Struct, frozen=True):
    """The payer's time zone and its holidays, on which it does not work."""

    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()

    def is_business_day(self, day: date) -> bool:
        """Return whether the day is from Monday to Friday, and no holiday."""
        return day.weekday() < _SATURDAY and day not in self.holidays

    def after(self, start: datetime, days: int) -> datetime:
        """Return the time, so many business days after `start`, at the same time of day in the payer's time zone."""
        local = start.astimezone(self.zone)
        day = local.date()
        while days and day < date.max:
            day += _ONE_DAY
            days -= self.is_business_day(day)
        return datetime.combine(day, time(local.hour, local.minute, local.second, local.microsecond), self.zone)


class Limit(Struct, frozen=True):
    """A time limit: an elapsed `time`, or a number of `business_days`. A calendar day has 24 hours."""

    time: timedelta = timedelta()
    business_days: int = 0

    def end(self, start: datetime, calendar: Calendar) -> datetime:
        """Return the end, in UTC, of the limit that begins at `start`."""
        if self.business_days:
            return calendar.after(start, self.business_days).astimezone(UTC)
        return start.astimezone(UTC) + self.time

    def may_exceed(self, other: Limit) -> bool:
        """Return whether the limit can end later than `other`, from any day of a week without holidays."""
        calendar = Calendar(ZoneInfo("UTC"))
        starts = (datetime(2026, 3, day, 12, tzinfo=UTC) for day in range(1, 8))
        return any(self.end(start, calendar) > other.end(start, calendar) for start in starts)


def parse_limit(value: Any) -> Limit:
    """Read a limit such as PT72H, P7D or `2 business days`. Raises ValueError for any other text."""
    business = _BUSINESS_DAYS.fullmatch(value) if isinstance(value, str) else None
    if business is not None:
        return Limit(business_days=int(business[1]))
    try:
        return Limit(parse_time(value))
    except ValueError:
        raise ValueError("must be a time such as PT72H, P7D or 2 business days") from None
