"""Count the units that are drawn on an item in each period of its cap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from app.domain.datatypes import Period
from app.domain.ledger import EXACT, LedgerEntry, open_draws
from app.domain.parts.period_cap import PeriodCap


def used_by_period(entries: Iterable[LedgerEntry], item: str, cap: PeriodCap) -> Mapping[date, Decimal]:
    """Return the drawn units by the first day of each period, from all entries of an authorization.

    A draw on days of several periods counts in each of them: its units may all be of one period.
    """
    used: defaultdict[date, Decimal] = defaultdict(Decimal)
    for draw in open_draws(entries):
        if draw.item == item:
            for first in period_starts(cap, Period(draw.service_from, draw.service_to)):
                used[first] = EXACT.subtract(used[first], draw.units)
    return used


def period_starts(cap: PeriodCap, days: Period) -> list[date]:
    """Return the first day of each period of a cap with a day of a service."""
    return [period.start for period in cap.periods(days) if period.start is not None]
