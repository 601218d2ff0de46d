"""The days of a stay that claims have drawn: one day for each date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from app.domain.balances.portions import MOST_DAYS
from app.domain.datatypes import Period
from app.domain.ledger import LedgerEntry, open_draws


def drawn_days(entries: Iterable[LedgerEntry], item: str) -> Iterator[date]:
    """Yield the drawn days of an item, from all entries of its authorization."""
    for draw in open_draws(entries):
        if draw.item == item:
            yield from days_of(Period(draw.service_from, draw.service_to), -draw.units)


def days_of(serviced: Period, units: Decimal) -> Iterator[date]:
    """Yield the first days of a service, one for each unit. The day of discharge is not billed as a day."""
    first = serviced.start
    if first is None:
        return
    last = serviced.end or first
    for after in range(min((last - first).days + 1, int(min(units, Decimal(MOST_DAYS))))):
        yield first + timedelta(days=after)
