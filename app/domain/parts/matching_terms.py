"""The payer's terms for comparing a bill with an authorization: the rules of each service, and the tolerances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Literal, TypeVar

from msgspec import Struct

from app.domain.datatypes import Coding, Period
from app.domain.service_range import covers

CodeRanges = tuple[tuple[Coding, Coding | None], ...]
"""Codes, each alone or as the first of a range with its last code."""


class Modes(Struct, frozen=True):
    """How a service compares.

    `diagnosis`: the same code, the same category (three characters), any diagnosis, or no comparison.
    `provider`: the same NPI, any provider of the requestor's tax ID, or any of the same specialty.
    `laterality`: the modifiers 50, LT and RT must be equal.
    """

    diagnosis: Literal["strict", "category", "any", "ignore"] = "ignore"
    provider: Literal["exact", "group", "taxonomy"] = "exact"
    laterality: bool = False


class ServiceModes(Struct, frozen=True):
    """The modes of the services in `codes`."""

    codes: CodeRanges
    modes: Modes


class Tolerance(Struct, frozen=True, kw_only=True):
    """A difference that the payer accepts for services from `first` to `last`. `reference` is the payer's document."""

    reference: str
    first: date
    last: date

    def holds(self, serviced: Period) -> bool:
        """Return whether the tolerance is in force on all days of a service."""
        return serviced.start is not None and Period(self.first, self.last).covers(serviced)


class EqualPlaces(Tolerance, frozen=True, kw_only=True):
    """The places of service count as one, such as 02 and 11 for telehealth."""

    places: frozenset[str]


class Grace(Tolerance, frozen=True, kw_only=True):
    """Services may be up to `before` days before the authorized period, and up to `after` days after it."""

    before: int
    after: int


class PricingModifiers(Tolerance, frozen=True, kw_only=True):
    """An authorization without a pricing modifier covers the service with one. No component is a pricing modifier."""


class SplitComponents(Tolerance, frozen=True, kw_only=True):
    """An authorization of the whole service covers its professional and its technical component, each once."""


class Locum(Tolerance, frozen=True, kw_only=True):
    """A substitute (modifier Q5 or Q6) may perform the service for the requestor's practice."""


class Affiliated(Tolerance, frozen=True, kw_only=True):
    """The tax IDs belong together, so that each may bill for the others."""

    tax_ids: frozenset[str]


class FacilitySystem(Tolerance, frozen=True, kw_only=True):
    """The facilities belong to one system, so that each may replace the others."""

    npis: frozenset[str]


class EqualCodes(Tolerance, frozen=True, kw_only=True):
    """An authorization of a code in `authorized` covers the codes in `billed`."""

    authorized: CodeRanges
    billed: CodeRanges


class TypedCodes(Tolerance, frozen=True, kw_only=True):
    """An authorization of the service type (X12 1365), without a code, covers the codes in `billed`."""

    service_type: str
    billed: CodeRanges


class ObservationRate(Tolerance, frozen=True, kw_only=True):
    """An inpatient authorization covers observation, which is paid at `rate` for each unit and draws no days."""

    rate: Decimal


class UnitConversion(Tolerance, frozen=True, kw_only=True):
    """So many (`factor`) units with the code `billed` are one unit with the code `authorized`."""

    billed: str
    authorized: str
    factor: Decimal


Kind = TypeVar("Kind", bound=Tolerance)


class MatchingTerms(Struct, frozen=True):
    """The modes of services, of which the first match counts, those of all others, and the tolerances."""

    modes: Modes = Modes()
    services: tuple[ServiceModes, ...] = ()
    tolerances: tuple[Tolerance, ...] = ()

    @property
    def compares_diagnoses(self) -> bool:
        """Whether diagnoses count for any service."""
        return any(modes.diagnosis != "ignore" for modes in (self.modes, *(each.modes for each in self.services)))

    def modes_of(self, services: Iterable[Coding]) -> Modes:
        """Return the modes of an authorized service."""
        if not self.services:
            return self.modes
        codes = tuple(services)
        return next((each.modes for each in self.services if names_any(each.codes, codes)), self.modes)

    def in_force(self, kind: type[Kind], serviced: Period | None) -> Iterator[Kind]:
        """Yield the tolerances of a kind that are in force on all days of a service."""
        for tolerance in self.tolerances:
            if isinstance(tolerance, kind) and serviced is not None and tolerance.holds(serviced):
                yield tolerance


def names_any(ranges: CodeRanges, services: Iterable[Coding]) -> bool:
    """Return whether the ranges have one of the codes."""
    return any(covers(start, end, service) for service in services for start, end in ranges)
