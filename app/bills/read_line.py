"""Read a line of a billing claim."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from app.codes import pas
from app.domain.billing import BilledLine
from app.domain.request import Coding, Period
from app.fhir.element import Element
from app.fhir.extension import extensions_of
from app.pas.parts.read_header import CareTeamMember, pointed
from app.pas.parts.read_item import modifiers, read_service
from app.pas.parts.read_types import amount, first_coding, timing

_PERFORMS = {"rendering": 0, "primary": 1, None: 2}
"""Care team roles that perform a service, the most specific first. Supervisors and assistants do not perform it."""

MOST_CHARGED = Decimal("1e12")
LEAST_CHARGED = Decimal("1e-12")
"""Bounds of a charge. An amount outside them is a mistake, and its sums would not be exact."""

_CURRENCY = re.compile("[A-Z]{3}")
_NO_DAY = Period(date.min, date.min)


class BillingClaimHeader(Struct, frozen=True):
    """The elements of a billing claim that all of its lines use."""

    care_team: Mapping[int, CareTeamMember]
    diagnoses: Mapping[int, tuple[Coding, ...]]
    period: Period | None


def read_line(element: Element, header: BillingClaimHeader) -> BilledLine:
    """Read a claim line. Note an issue if it has no date of service."""
    quantity, unit = amount(element.one("quantity"))
    units = Decimal(1) if quantity is None else quantity
    charge, currency = _charge(element, units)
    serviced = timing(element, "servicedDate", "servicedPeriod") or header.period
    if serviced is None:
        element.missing("serviced", "A claim line must have a date of service, unless the Claim has a billablePeriod.")
    return BilledLine(
        sequence=element.integer("sequence") or 0,
        services=_services(element),
        quantity=units,
        serviced=serviced or _NO_DAY,
        unit=unit,
        modifiers=modifiers(element),
        diagnoses=_diagnoses(element, header.diagnoses),
        place=first_coding(element, "locationCodeableConcept"),
        rendering=_rendering(element, header.care_team),
        number=extensions_of(element).text(pas("extension-authorizationNumber")),
        charge=charge,
        currency=currency,
    )


def _services(element: Element) -> tuple[Coding, ...]:
    """Read the billed codes, without codes that have no system."""
    services = tuple(coding for coding in read_service(element) if coding.system)
    if not services:
        element.note("A claim line must have a service code with its system.", "productOrService", code="required")
    if not all(coding.code.isascii() and coding.code.isprintable() for coding in services):
        element.note("A service code must be printable ASCII text.", "productOrService")
    return services


def _charge(element: Element, units: Decimal) -> tuple[Decimal | None, str]:
    """Return the charge and its currency: the net amount, else the unit price times units and factor."""
    net, price = element.one("net"), element.one("unitPrice")
    money = net or price
    if money is None:
        return None, "USD"
    value = money.decimal("value")
    if value is not None and net is None:
        factor = element.decimal("factor")
        value *= units * (1 if factor is None else factor)
    if value is not None and units > 0 and not _plausible(value):
        money.note(f"The charge of a line must be from 0 to {MOST_CHARGED:,f}, with at most twelve decimals.")
    currency = money.text("currency") or "USD"
    if not _CURRENCY.fullmatch(currency):
        money.note("A currency must be a code of three capital letters.", "currency")
    return value, currency


def _plausible(charge: Decimal) -> bool:
    return 0 <= charge <= MOST_CHARGED and charge == charge.quantize(LEAST_CHARGED)


def _diagnoses(element: Element, diagnoses: Mapping[int, tuple[Coding, ...]]) -> tuple[Coding, ...]:
    """Return the diagnoses that the line points to, else the principal one, which has the lowest sequence."""
    if "diagnosisSequence" in element.fields:
        return tuple(coding for group in pointed(element, "diagnosisSequence", diagnoses) for coding in group)
    return diagnoses[min(diagnoses)] if diagnoses else ()


def _rendering(element: Element, team: Mapping[int, CareTeamMember]) -> str | None:
    of_line = "careTeamSequence" in element.fields
    members = pointed(element, "careTeamSequence", team) if of_line else list(team.values())
    performers = [member for member in members if member.role in _PERFORMS]
    return min(performers, key=lambda member: _PERFORMS[member.role]).npi if performers else None
