"""Add up the units of a request by service. A range of codes counts for each code in it."""

from __future__ import annotations

from decimal import Decimal

from app.policy.codes.code_sets import ServiceKey
from app.policy.codes.code_span import CodeSpan, single

Services = tuple[ServiceKey, ...]

_NONE = Decimal(0)


class Tally:
    """The units by service and by range. All of a range may be used for one code, so a code has the units of both."""

    __slots__ = ("_ranges", "_services")

    def __init__(self) -> None:
        self._services: dict[ServiceKey, Decimal] = {}
        self._ranges: dict[CodeSpan, Decimal] = {}

    def add(self, services: Services, span: CodeSpan | None, units: Decimal) -> None:
        """Count the units of a line: for its range, and for its services of other systems."""
        for service in _single_services(services, span):
            self._services[service] = self._services.get(service, _NONE) + units
        if span is not None and not span.empty:
            self._ranges[span] = self._ranges.get(span, _NONE) + units

    def of(self, services: Services, span: CodeSpan | None) -> Decimal:
        """Return the most units that the lines with one of the services, or with a code of the range, have."""
        if span is None and not self._ranges:
            return max([self._services.get(service, _NONE) for service in services], default=_NONE)
        spans = [single(*service) for service in _single_services(services, span)]
        return max(map(self._overlapping, spans if span is None else [*spans, span]), default=_NONE)

    def _overlapping(self, span: CodeSpan) -> Decimal:
        units = sum([units for other, units in self._ranges.items() if other.overlaps(span)], _NONE)
        return sum([units for service, units in self._services.items() if single(*service).overlaps(span)], units)


def _single_services(services: Services, span: CodeSpan | None) -> Services:
    """Return the services that are not the beginning of the range. The ends of an empty one are single codes."""
    if span is None or span.empty:
        return services
    return tuple([service for service in services if service[0] != span.system])
