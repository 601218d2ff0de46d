"""The member's earlier requests: the services that are granted or pending."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.datatypes import Coding, Period
from app.domain.decision import ReviewAction
from app.domain.service_line import ServiceLine
from app.domain.service_range import covers

_ACTIVE = frozenset({ReviewAction.CERTIFIED, ReviewAction.MODIFIED, ReviewAction.PENDED})


class EarlierService(Struct, frozen=True):
    """A service that is granted or pending: its codes, the end of its range, and the days that it is for."""

    services: tuple[Coding, ...]
    service_end: Coding | None
    days: Period

    def repeats(self, line: ServiceLine, day: date) -> bool:
        """Return whether a line asks for the same service in the same days. `day` stands for a missing first day."""
        asked = line.serviced or Period(day)
        start, end = asked.start or day, asked.end or date.max
        overlaps = (self.days.start or date.min) <= end and start <= (self.days.end or date.max)
        return overlaps and self._same_service(line)

    def _same_service(self, line: ServiceLine) -> bool:
        for own in self.services:
            for asked in line.naming:
                if covers(own, self.service_end, asked) or covers(asked, line.service_end, own):
                    return True
        return False


def earlier_services(authorizations: Iterable[Authorization]) -> Iterator[EarlierService]:
    """Return the granted and pending services of a member's authorizations."""
    for authorization in authorizations:
        for item in authorization.items:
            if item.in_force is not None or item.decision.action in _ACTIVE:
                yield from (_earlier(version) for version in (item, item.as_granted) if version is not None)


def _earlier(item: AuthorizedItem) -> EarlierService:
    requested, granted = item.requested, item.decision.granted
    if granted is None:
        return EarlierService(requested.naming, requested.service_end, requested.serviced or Period())
    if granted.service is None:
        return EarlierService(requested.naming, requested.service_end, granted.period)
    return EarlierService((granted.service,), None, granted.period)
