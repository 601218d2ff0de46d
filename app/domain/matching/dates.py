"""Compare the service dates of a claim line with the authorized period."""

from __future__ import annotations

from datetime import date

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.datatypes import Period
from app.domain.decision import ReviewAction
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.mismatch import Outcome
from app.domain.matching.stay_days import billed_days
from app.domain.parts.matching_terms import Grace
from app.domain.span import shifted


class ServiceDates(Attribute):
    """The days of service, which must be in the authorized period. Both ends of the period are included.

    The day of discharge is not billed, so it may be after the period.
    """

    name = "service dates"
    missing_on_bill = "A mismatch. A service without an end is from its first day on."
    missing_on_authorization = "An open end of the period does not limit the days."
    tolerances = (Grace,)
    reasons = (AdjustmentKey.BEFORE_PERIOD, AdjustmentKey.AFTER_PERIOD, AdjustmentKey.SERVICE_DATE_MISSING)

    def compare(self, sides: Sides) -> Outcome:
        """Return a mismatch if a service date is missing or outside the period."""
        granted = sides.item.decision.granted
        if granted is None:
            return None
        serviced = billed_days(sides.line)
        key = _outside(serviced, granted.period)
        if key is None:
            return None
        graces = [] if is_cancelled(sides.authorization, sides.item) else sides.tolerated_by(Grace)
        accepted = [grace for grace in graces if _outside(serviced, _extended(granted.period, grace)) is None]
        return self.differs(_dates(serviced), _dates(granted.period), key, accepted)


def overlap(requested: Period | None, serviced: Period | None) -> bool:
    """Return whether two periods share a day. A period that is absent or open has all days."""
    first, second = requested or Period(), serviced or Period()
    starts, ends = max(_start(first), _start(second)), min(_end(first), _end(second))
    return starts <= ends


def is_cancelled(authorization: Authorization, item: AuthorizedItem) -> bool:
    """Return whether an item is cancelled since its grant. The grant ends on that day, which no grace moves."""
    number = item.requested.number
    items = [current for current in authorization.items if current.requested.number == number]
    return any(current.decision.action is ReviewAction.CANCELLED for current in items)


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


def _extended(period: Period, grace: Grace) -> Period:
    """Return the period with the days of grace at its ends, within the days of the calendar."""
    return Period(shifted(_start(period), -grace.before), shifted(_end(period), grace.after))


def _dates(period: Period) -> str:
    start, end = period.start, period.end
    if start is None and end is None:
        return "no date"
    if start is None or end is None:
        return f"up to {end}" if start is None else f"from {start}"
    return f"{start}" if start == end else f"{start} to {end}"


def _start(period: Period) -> date:
    return period.start or date.min


def _end(period: Period) -> date:
    return period.end or date.max
