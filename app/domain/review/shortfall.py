"""Compare a grant with the request: units, time and the service."""

from __future__ import annotations

from enum import StrEnum

from app.domain.datatypes import Coding, Period
from app.domain.decision import Granted
from app.domain.request import RequestedItem
from app.domain.service_range import covers


class Shortfall(StrEnum):
    """The kinds of difference that make a grant less than the request: units, time, or the service itself."""

    UNITS = "units"
    TIME = "time"
    SERVICE = "service"


def shortfalls(requested: RequestedItem, granted: Granted) -> frozenset[Shortfall]:
    """Return the kinds in which the grant is less. A grant with all units, all days and the requested code has none."""
    lacking: list[Shortfall] = []
    if granted.quantity is not None and granted.quantity < requested.quantity:
        lacking.append(Shortfall.UNITS)
    if granted.service is not None:
        lacking.append(Shortfall.SERVICE)
    if requested.serviced is not None and not contains(granted.period, requested.serviced):
        lacking.append(Shortfall.TIME)
    return frozenset(lacking)


def replacement(requested: RequestedItem, code: Coding) -> Coding | None:
    """Return the code that a grant has instead of the requested one; None if they are the same service."""
    same = requested.service_end is None and any(covers(service, None, code) for service in requested.services)
    return None if same else code


def contains(period: Period, days: Period) -> bool:
    """Return whether the period has the first and the last of the requested days. An open end names no day."""
    return all(
        (period.start is None or period.start <= day) and (period.end is None or day <= period.end)
        for day in (days.start, days.end)
        if day is not None
    )
