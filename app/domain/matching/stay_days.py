"""The days of a stay: those that an item counts, and those that a line bills."""

from __future__ import annotations

from datetime import timedelta

from app.domain.authorization import AuthorizedItem
from app.domain.billing import BilledLine
from app.domain.datatypes import Period
from app.domain.matching.level_of_care import is_room
from app.domain.units import DAY, Unit


def authorized_unit(item: AuthorizedItem) -> Unit | None:
    """Return the unit of the grant, else that of the request."""
    granted = item.granted
    return item.requested.unit if granted is None else granted.unit or item.requested.unit


def counts_days(item: AuthorizedItem) -> bool:
    """Return whether an item is a stay that counts days, so that each date pays once."""
    unit = authorized_unit(item)
    return item.requested.revenue is not None and unit is not None and unit.bases == {DAY}


def billed_days(line: BilledLine) -> Period:
    """Return the days of service. A room with fewer units than dates ends before the day of discharge."""
    serviced = line.serviced or Period()
    dates = dates_in(serviced)
    if dates is None or serviced.end is None or not 1 <= line.quantity < dates:
        return serviced
    if not is_room(line.revenue) or line.unit is None or DAY not in line.unit.bases:
        return serviced
    return Period(serviced.start, serviced.end - timedelta(days=1))


def dates_in(serviced: Period) -> int | None:
    """Return the number of dates in a period; None if it has no start or no end."""
    if serviced.start is None or serviced.end is None:
        return None
    return (serviced.end - serviced.start).days + 1
