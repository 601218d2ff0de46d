"""Keep an earlier grant: whole while a change is not granted, up to the day of a cancellation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from app.domain.authorization import AuthorizedItem, Standing
from app.domain.datatypes import Period
from app.domain.decision import Granted, ReviewAction


def granted_before(item: AuthorizedItem) -> Standing | None:
    """Return the item as it is granted; None if it is not."""
    if item.decision.granted is None:
        return item.standing
    return Standing(item.requested, item.decision)


def until(item: AuthorizedItem, day: date) -> Standing | None:
    """Return an item's grant after a cancellation on a day: the services up to this day stay authorized.

    A grant that begins later is released. If bills have used units of it, the used units stay.
    """
    standing = granted_before(item)
    granted = None if standing is None else standing.decision.granted
    if standing is None or granted is None:
        return None
    start, end = granted.period.start, granted.period.end
    if start is None or start <= day:
        cut = replace(granted, period=Period(start, day if end is None else min(end, day)))
    elif item.consumed:
        cut = replace(granted, quantity=item.consumed)
    else:
        return None
    return replace(standing, decision=replace(standing.decision, granted=cut))


def covers(granted: Granted, former: Granted) -> bool:
    """Return whether a grant has all units and days of a former one, for the same service."""
    return (
        granted.service == former.service
        and _at_least(granted.quantity, former.quantity)
        and granted.period.covers(former.period)
    )


def loses_grant(before: AuthorizedItem, after: AuthorizedItem) -> bool:
    """Return whether a part of the grant in force is gone."""
    former, granted = before.in_force, after.in_force
    return former is not None and (granted is None or not covers(granted, former))


def units_of(item: AuthorizedItem) -> Decimal:
    """Return the units that count for the limits of rules: those granted, of a cancelled item those used.

    A grant without a limit counts as none, as in a review.
    """
    if item.decision.action is ReviewAction.CANCELLED:
        return item.consumed
    granted = item.granted
    return Decimal(0) if granted is None or granted.quantity is None else granted.quantity


def _at_least(quantity: Decimal | None, former: Decimal | None) -> bool:
    return quantity is None or (former is not None and quantity >= former)
