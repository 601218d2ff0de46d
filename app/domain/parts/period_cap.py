"""The most units of a grant in each day, week or month."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from app.domain.datatypes import Period
from app.domain.span import shifted

_DAYS_OF_WEEK = 7


class CapPeriod(StrEnum):
    """The calendar periods of a cap."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class WeekStart(StrEnum):
    """The first day of a payer's week."""

    MONDAY = "monday"
    SUNDAY = "sunday"


class PeriodCap(Struct, frozen=True):
    """At most `units` in each calendar `per`. `week_starts`: the first day of a week."""

    units: Decimal
    per: CapPeriod
    week_starts: WeekStart = WeekStart.MONDAY

    def period(self, day: date) -> Period:
        """Return the period with a day, both ends included."""
        if self.per is CapPeriod.DAY:
            return Period(day, day)
        if self.per is CapPeriod.MONTH:
            return Period(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))
        past = day.weekday() if self.week_starts is WeekStart.MONDAY else day.isoweekday() % _DAYS_OF_WEEK
        return Period(shifted(day, -past), shifted(day, _DAYS_OF_WEEK - 1 - past))

    def periods(self, days: Period) -> Iterator[Period]:
        """Yield each period with a day of a service, oldest first. A service without an end is on its first day."""
        day, last = days.start, days.end or days.start
        while day is not None and last is not None and day <= last:
            period = self.period(day)
            yield period
            day = None if period.end is None or period.end == date.max else shifted(period.end, 1)
