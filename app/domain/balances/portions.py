"""Split the units of a claim line by days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from msgspec import Struct

from app.domain.datatypes import Period
from app.domain.ledger import EXACT

MOST_DAYS = 366
"""The most days by which a line is split."""


class Portion(Struct, frozen=True):
    """Units that a claim line draws on some of its days, and the component that draws them, if it is not the whole."""

    days: Period
    units: Decimal
    component: str = ""


def by_days(serviced: Period, quantity: Decimal) -> tuple[Portion, ...]:
    """Return a portion for each day, if each day has the same whole number of units; else one portion.

    The server must not guess the days of the units.
    """
    whole = Portion(serviced, quantity)
    if serviced.start is None or serviced.end is None:
        return (whole,)
    count = (serviced.end - serviced.start).days + 1
    if not 1 < count <= MOST_DAYS or not quantity.is_finite() or EXACT.remainder(quantity, Decimal(count)) != 0:
        return (whole,)
    each = EXACT.divide(quantity, Decimal(count))
    return tuple(Portion(_day(serviced.start, after), each) for after in range(count))


def days_of_stay(serviced: Period, quantity: Decimal) -> tuple[Portion, ...]:
    """Return a portion for each day of a stay, from the first one on; one portion for parts of days.

    The day of discharge is not billed, and some hospitals give the first day only.
    """
    first, count = serviced.start, int(min(quantity, Decimal(MOST_DAYS + 1))) if quantity.is_finite() else 0
    if first is None or quantity != count or not 1 <= count <= min(MOST_DAYS, (date.max - first).days):
        return (Portion(serviced, quantity),)
    return tuple(Portion(_day(first, after), Decimal(1)) for after in range(count))


def _day(first: date, after: int) -> Period:
    day = first + timedelta(days=after)
    return Period(day, day)
