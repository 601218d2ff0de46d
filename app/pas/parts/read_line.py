"""Read a service line: an item of a Claim, or a detail below it. Requests and billing claims share this reader."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TypedDict

from msgspec import Struct

from app.codes import FORMER_REVENUE, REVENUE, family, pas
from app.domain.coding.one_service import services_problem
from app.domain.datatypes import Coding, Period
from app.domain.service_line import ONE, Order
from app.domain.units import Unit
from app.fhir.element import Element
from app.fhir.extension import extensions_of
from app.pas.parts.limits import MOST_ITEMS, up_to
from app.pas.parts.read_header import CareTeamMember, performing, pointed
from app.pas.parts.read_types import CONCEPT, amount, codings, distinct, many_codings, single_coding, timing

MOST_CHARGED = Decimal("1e12")
LEAST_CHARGED = Decimal("1e-12")
"""Bounds of a charge. An amount outside them is a mistake, and its sums would not be exact."""

_CURRENCY = re.compile("[A-Z]{3}")
_FACILITY = "FA"
"""The X12 98 code of a facility."""


class ClaimHeader(Struct, frozen=True):
    """The elements of a Claim that all of its lines use. `period` are the service days of the whole Claim.

    `facility`: the NPI of the Claim's facility. `locations`: the NPI of each location of an item, by its reference.
    """

    care_team: Mapping[int, CareTeamMember]
    diagnoses: Mapping[int, tuple[Coding, ...]]
    period: Period | None
    facility: str | None = None
    locations: Mapping[str, str | None] = {}


class LineElement(Struct, frozen=True):
    """An item, or a detail or subDetail below it. `detail` has the sequences below the item."""

    element: Element
    item: Element
    detail: tuple[int, ...] = ()
    details: tuple[LineElement, ...] = ()


class ServiceLineFields(TypedDict):
    """The fields of a ServiceLine."""

    sequence: int
    detail: tuple[int, ...]
    services: tuple[Coding, ...]
    service_end: Coding | None
    revenue: Coding | None
    modifiers: tuple[str, ...]
    quantity: Decimal
    unit: Unit | None
    diagnoses: tuple[Coding, ...]
    place: Coding | None
    serviced: Period | None
    providers: tuple[str, ...]
    specialties: tuple[str, ...]
    facility: str | None
    order: Order | None
    charge: Decimal | None
    currency: str


def item_elements(claim: Element) -> list[LineElement]:
    """Return the items with their details. Note missing items, missing or repeated sequences, and too many lines."""
    elements = up_to(MOST_ITEMS, claim, "item")
    if not elements:
        claim.missing("item", "The Claim must have at least one item.")
    check_sequences(elements)
    items = [LineElement(element, element, (), _details(element, element, ())) for element in elements]
    if sum(1 for item in items for _ in lines_of(item)) > MOST_ITEMS:
        claim.note(f"A Claim must not have more than {MOST_ITEMS} items and details.", "item", code="too-costly")
    return items


def lines_of(line: LineElement) -> Iterator[LineElement]:
    """Yield a line and all lines below it, in order."""
    yield line
    for detail in line.details:
        yield from lines_of(detail)


def check_sequences(elements: list[Element]) -> None:
    """Note each missing sequence and each duplicate."""
    seen: set[int] = set()
    for element in elements:
        sequence = element.integer("sequence")
        if sequence is None:
            element.missing("sequence")
        elif sequence in seen:
            element.note(
                "`sequence` must be unique: an earlier element of this list has the same.", "sequence", code="duplicate"
            )
        else:
            seen.add(sequence)


def read_service_line(
    line: LineElement,
    header: ClaimHeader,
    team: list[CareTeamMember],
    order: Order | None = None,
    ordered: Element | None = None,
) -> ServiceLineFields:
    """Read the facts of a line. A detail has its own service, units and charge, and the other facts of its item.

    `team` is the care team of the item. `ordered`, the quantity of its order, counts if the item names no quantity.
    """
    element, item = line.element, line.item
    quantity, unit = amount(element.one("quantity") or ordered)
    charge, currency = read_charge(element, units := ONE if quantity is None else quantity)
    performers = performing(team)
    return {
        "sequence": item.integer("sequence") or 0,
        "detail": line.detail,
        "services": (services := read_service(element)),
        "service_end": _read_service_end(element, services),
        "revenue": _revenue(element),
        "modifiers": modifiers(element),
        "quantity": units,
        "unit": unit,
        "diagnoses": _diagnoses(item, header.diagnoses),
        "place": single_coding(item, "locationCodeableConcept"),
        "serviced": timing(item, "servicedDate", "servicedPeriod") or header.period,
        "providers": distinct([member.npi for member in performers]),
        "specialties": distinct([code for member in performers for code in member.specialties]),
        "facility": _facility(item, team, header),
        "order": order,
        "charge": charge,
        "currency": currency,
    }


def read_service(element: Element) -> tuple[Coding, ...]:
    """Read the codes of the product or service. A code without a system names no service."""
    return tuple([coding for coding in codings(element, "productOrService") if coding.system])


def service_end(element: Element) -> Element | None:
    """Return the extension with the last code of a range."""
    return extensions_of(element).first(_SERVICE_END)


def _read_service_end(element: Element, services: tuple[Coding, ...]) -> Coding | None:
    """Read the last code of a range: the code of a family that the service has a code of, else the first code."""
    end = service_end(element)
    first = single_coding(end, CONCEPT)
    if end is None or first is None:
        return None
    codes = codings(end, CONCEPT)
    problem = services_problem(codes)
    if problem is not None:
        end.note(problem, CONCEPT, code="code-invalid")
    families = {family(service.system) for service in services}
    own = [code for code in codes if family(code.system) in families]
    return min(own, key=lambda code: (family(code.system), code.system), default=first)


def modifiers(element: Element) -> tuple[str, ...]:
    """Read the codes of a line's modifiers."""
    return tuple([coding.code for coding in many_codings(element, "modifier")])


def care_team_of(item: Element, team: Mapping[int, CareTeamMember]) -> list[CareTeamMember]:
    """Return the care team members that an item points to, else those of the whole Claim."""
    if "careTeamSequence" in item.fields:
        return pointed(item, "careTeamSequence", team)
    return [member for member in team.values() if member.overall]


def read_charge(element: Element, units: Decimal) -> tuple[Decimal | None, str]:
    """Return the charge and its currency: the net amount, else the unit price times units and factor."""
    net, price = element.one("net"), element.one("unitPrice")
    money = net or price
    if money is None:
        return None, "USD"
    value = money.decimal("value")
    if value is not None and net is None:
        factor = element.decimal("factor")
        value *= units * (1 if factor is None else factor)
    if value is not None and units > 0 and not plausible(value):
        money.note(f"The charge of a line must be from 0 to {MOST_CHARGED:,f}, with at most twelve decimals.")
    currency = money.text("currency") or "USD"
    if not _CURRENCY.fullmatch(currency):
        money.note("A currency must be a code of three capital letters.", "currency")
    return value, currency


def _revenue(element: Element) -> Coding | None:
    """Read the revenue code. Its system under the former URL is a warning."""
    concept = element.fields.get("revenue")
    if concept is None:
        return None
    if any(coding.get("system") == FORMER_REVENUE for coding in concept.get("coding", ())):
        text = f"`revenue` has the former URL of its code system. The current URL is {REVENUE}."
        element.note(text, "revenue", severity="warning")
    return single_coding(element, "revenue")


def _details(parent: Element, item: Element, above: tuple[int, ...]) -> tuple[LineElement, ...]:
    name = "subDetail" if above else "detail"
    if name not in parent.fields or len(above) > 1:
        return ()
    elements = up_to(MOST_ITEMS, parent, name)
    check_sequences(elements)
    numbered = [(element, (*above, element.integer("sequence") or 0)) for element in elements]
    return tuple(LineElement(element, item, place, _details(element, item, place)) for element, place in numbered)


def _diagnoses(item: Element, diagnoses: Mapping[int, tuple[Coding, ...]]) -> tuple[Coding, ...]:
    """Return the diagnoses that an item points to, else all diagnoses of the Claim."""
    of_item = "diagnosisSequence" in item.fields
    groups = pointed(item, "diagnosisSequence", diagnoses) if of_item else list(diagnoses.values())
    return distinct([coding for group in groups for coding in group])


def _facility(item: Element, team: list[CareTeamMember], header: ClaimHeader) -> str | None:
    """Return the NPI of the item's location, else of the Claim's facility, else of the facility on the care team."""
    location = item.one("locationReference")
    if location is not None:
        return header.locations.get(location.text("reference") or "")
    return header.facility or next((member.npi for member in team if member.role_code == _FACILITY), None)


def plausible(charge: Decimal) -> bool:
    """Return whether a charge is within bounds."""
    return 0 <= charge <= MOST_CHARGED and charge == charge.quantize(LEAST_CHARGED)


_SERVICE_END = pas("extension-productOrServiceCodeEnd")
