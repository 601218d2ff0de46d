"""Compare the service dates of a claim line with the authorized period."""

from __future__ import annotations

from datetime import date

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.matching.mismatch import Mismatch
from app.domain.request import Period


def compare(
    line: BilledLine, item: AuthorizedItem, _claim: BillingClaim, _authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch if a service date is missing or outside the period. Both ends of the period are included."""
    granted = item.decision.granted
    if granted is None:
        return None
    days = [day for day in (line.serviced.start, line.serviced.end) if day is not None]
    complete = line.serviced.start is not None and line.serviced.end is not None
    key = _outside(days, granted.period) if complete else AdjustmentKey.SERVICE_DATE_MISSING
    if key is None:
        return None
    ends = (min(days), max(days)) if complete else (line.serviced.start, line.serviced.end)
    claimed = _dates(*ends) if days else "no date"
    return Mismatch("service dates", claimed, _dates(granted.period.start, granted.period.end), key)


def _outside(days: list[date], period: Period) -> AdjustmentKey | None:
    if period.end is not None and max(days) > period.end:
        return AdjustmentKey.AFTER_PERIOD
    if period.start is not None and min(days) < period.start:
        return AdjustmentKey.BEFORE_PERIOD
    return None


def _dates(start: date | None, end: date | None) -> str:
    if start is None or end is None:
        return f"up to {end}" if start is None else f"from {start}"
    return f"{start}" if start == end else f"{start} to {end}"
