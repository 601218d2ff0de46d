"""One line of a billing Claim."""

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
"""Who performed a line: the first of these roles that is on its care team; supervisors and assistants never are."""

MOST_CHARGED = Decimal("1e12")
LEAST_CHARGED = Decimal("1e-12")
"""Beyond these an amount is a mistake, and the sums of an answer would not be exact."""

_CURRENCY = re.compile("[A-Z]{3}")
_NO_DAY = Period(date.min, date.min)


class BillHeader(Struct, frozen=True):
    """What the lines of a billing Claim share."""

    care_team: Mapping[int, CareTeamMember]
    diagnoses: Mapping[int, tuple[Coding, ...]]
    period: Period | None


def read_line(element: Element, header: BillHeader) -> BilledLine:
    """Read a line; one without a date of service is an issue."""
    quantity, unit = amount(element.one("quantity"))
    units = Decimal(1) if quantity is None else quantity
    charge, currency = _charge(element, units)
    serviced = timing(element, "servicedDate", "servicedPeriod") or header.period
    if serviced is None:
        element.missing("serviced", "A line needs a date of service, unless the Claim has a billablePeriod.")
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
    """Read what is billed: a code says nothing without the system it is from."""
    found = tuple(one for one in read_service(element) if one.system)
    if "productOrService" in element.fields and not found:
        element.note("A billed line needs a code and its system.", "productOrService", code="required")
    if not all(one.code.isascii() and one.code.isprintable() for one in found):
        element.note("The code of a service is written in ASCII characters.", "productOrService")
    return found


def _charge(element: Element, units: Decimal) -> tuple[Decimal | None, str]:
    """Return the net amount, or else the price of a unit times the units and the factor."""
    net, price = element.one("net"), element.one("unitPrice")
    money = net or price
    if money is None:
        return None, "USD"
    value = money.decimal("value")
    if value is not None and net is None:
        factor = element.decimal("factor")
        value *= units * (1 if factor is None else factor)
    if value is not None and units > 0 and not _plausible(value):
        money.note(f"What is charged for a line is from 0 to {MOST_CHARGED:,f}, with twelve decimals at most.")
    currency = money.text("currency") or "USD"
    if not _CURRENCY.fullmatch(currency):
        money.note("A currency is a code of three capital letters.", "currency")
    return value, currency


def _plausible(charge: Decimal) -> bool:
    return 0 <= charge <= MOST_CHARGED and charge == charge.quantize(LEAST_CHARGED)


def _diagnoses(element: Element, diagnoses: Mapping[int, tuple[Coding, ...]]) -> tuple[Coding, ...]:
    """Return the diagnoses that the line points to, or else the principal one, which comes first."""
    if "diagnosisSequence" in element.fields:
        return tuple(coding for group in pointed(element, "diagnosisSequence", diagnoses) for coding in group)
    return diagnoses[min(diagnoses)] if diagnoses else ()


def _rendering(element: Element, team: Mapping[int, CareTeamMember]) -> str | None:
    of_line = "careTeamSequence" in element.fields
    members = pointed(element, "careTeamSequence", team) if of_line else list(team.values())
    performing = [one for one in members if one.role in _PERFORMS]
    return min(performing, key=lambda one: _PERFORMS[one.role]).npi if performing else None
