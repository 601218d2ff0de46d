"""The reminders about an authorization: it ends soon, or few of its units are left."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.parts.due_act import ActName, DueAct

_ONE_DAY = timedelta(days=1)
_PERCENT = Decimal(100)


def expiry_acts(authorization: Authorization) -> tuple[DueAct, ...]:
    """Return a reminder for each day on which grants with units left end, at the start of a day of the payer.

    A grant that is shorter than the time before its end has none: the decision told its end.
    """
    zone = ZoneInfo(authorization.policy.timezone) if authorization.policy.timezone else UTC
    lead = timedelta(days=authorization.policy.reminders.expiring)
    # The lengths are compared: no day is so long before an end in the first year of the calendar.
    days = {end - lead for item in authorization.items if (end := _end(item)) is not None and end - _start(item) > lead}
    return tuple(DueAct(ActName.EXPIRING, datetime.combine(day, time(), zone).astimezone(UTC)) for day in sorted(days))


def expired_by(authorization: Authorization, act: DueAct, now: datetime) -> bool:
    """Return whether the grants that a reminder is about have ended, so that it comes too late."""
    lead = timedelta(days=authorization.policy.reminders.expiring)
    return act.at + lead + _ONE_DAY <= now


def becomes_low(before: Authorization, after: Authorization) -> bool:
    """Return whether a bill takes the units of an item down to the threshold, from above it."""
    former = {item.requested.number: item for item in before.items}
    return any(
        is_low(item, after) and not is_low(former[item.requested.number], before)
        for item in after.items
        if item.requested.number in former
    )


def is_low(item: AuthorizedItem, authorization: Authorization) -> bool:
    """Return whether few units of a grant are left, by the threshold of the policy."""
    granted = item.in_force
    if granted is None or granted.quantity is None:
        return False
    return (granted.quantity - item.consumed) * _PERCENT <= granted.quantity * authorization.policy.reminders.units_low


def _end(item: AuthorizedItem) -> date | None:
    """Return the last day of an item's grant; None without an end, or without units left."""
    granted = item.in_force
    if granted is None or (granted.quantity is not None and granted.quantity <= item.consumed):
        return None
    return granted.period.end


def _start(item: AuthorizedItem) -> date:
    """Return the first day on which the grant of an item counts: that of the decision, or of the grant."""
    decision = item.decision if item.decision.granted is not None or item.standing is None else item.standing.decision
    first = None if decision.granted is None else decision.granted.period.start
    return decision.decided if first is None else max(decision.decided, first)
