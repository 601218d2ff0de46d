"""Compare the service dates of a claim line with the authorized period."""

from __future__ import annotations

from datetime import date

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.datatypes import Period
from app.domain.matching.mismatch import Mismatch


def compare(
    line: BilledLine, item: AuthorizedItem, _claim: BillingClaim, _authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch if a service date is missing or outside the period. Both ends of the period are included."""
    granted = item.decision.granted
    if granted is None:
        return None
    serviced = line.serviced or Period()
    key = _outside(serviced, granted.period)
    if key is None:
        return None
    return Mismatch("service dates", _dates(serviced), _dates(granted.period), key)


def _outside(serviced: Period, period: Period) -> AdjustmentKey | None:
    """Return why the days of service are outside the period. A service without an end is from its first day on."""
    if serviced.start is None:
        return AdjustmentKey.SERVICE_DATE_MISSING
    last = serviced.end or date.max
    if period.end is not None and max(serviced.start, last) > period.end:
        return AdjustmentKey.AFTER_PERIOD
    if period.start is not None and min(serviced.start, last) < period.start:
        return AdjustmentKey.BEFORE_PERIOD
    return None


def _dates(period: Period) -> str:
    start, end = period.start, period.end
    if start is None and end is None:
        return "no date"
    if start is None or end is None:
        return f"up to {end}" if start is None else f"from {start}"
    return f"{start}" if start == end else f"{start} to {end}"


def overlap(requested: Period | None, serviced: Period | None) -> bool:
    """Return whether two periods share a day. A period that is absent or open has all days."""
    first, second = requested or Period(), serviced or Period()
    starts, ends = max(_start(first), _start(second)), min(_end(first), _end(second))
    return starts <= ends


def _start(period: Period) -> date:
    return period.start or date.min


def _end(period: Period) -> date:
    return period.end or date.max
