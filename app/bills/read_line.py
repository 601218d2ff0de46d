"""Read the lines of a billing claim. An item with details is a group: only its details are lines."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from app.bills.check_money import check_line, check_total
from app.codes import pas
from app.domain.authorization_number import canonical
from app.domain.billing import BilledLine
from app.domain.datatypes import Period
from app.domain.service_line import ONE
from app.fhir.element import Element
from app.fhir.extension import extensions_of
from app.pas.parts.limits import has_too_many
from app.pas.parts.read_header import performing
from app.pas.parts.read_line import (
    ClaimHeader,
    LineElement,
    care_team_of,
    item_elements,
    read_charge,
    read_service_line,
)
from app.pas.parts.read_types import amount

MOST_MODIFIERS = 4
"""The most modifiers of a line in X12 837."""

LONGEST_SERVICE = timedelta(days=3660)
"""The longest period of a service: each day, week or month of it may be counted against a cap."""

_FULL_DAY = len("YYYY-MM-DD")
_NUMBER = pas("extension-authorizationNumber")


def read_lines(claim: Element, header: ClaimHeader) -> tuple[BilledLine, ...]:
    """Read the lines in order. The net amount of a group must be the sum of its details."""
    lines: list[BilledLine] = []
    named = 0
    _check_period(claim.one("billablePeriod"))
    for item in item_elements(claim):
        lines += (own := _read(item, header))
        named += sum(len(line.diagnoses) for line in own)
        if has_too_many(named, claim, "item"):
            break
    if len({line.currency for line in lines if line.charge is not None}) > 1:
        claim.note("All lines of a Claim must be charged in the same currency.", "item")
    check_total(claim, lines)
    return tuple(lines)


def _read(line: LineElement, header: ClaimHeader) -> list[BilledLine]:
    if not line.details:
        return [_read_line(line, header)]
    below = [billed for detail in line.details for billed in _read(detail, header)]
    _check_sum(line.element, below)
    return below


def _check_sum(group: Element, below: list[BilledLine]) -> None:
    quantity, _ = amount(group.one("quantity"))
    units = ONE if quantity is None else quantity
    check_line(group, units)
    whole, _ = read_charge(group, units)
    if whole is None:
        return
    charges = [line.charge for line in below]
    if None in charges or sum((charge for charge in charges if charge is not None), Decimal(0)) != whole:
        text = "The amount of an item with details must be the sum of its details. Each detail must have an amount."
        group.note(text, "net")


def _check_period(period: Element | None) -> None:
    if period is not None:
        _check_days(period, "start")
        _check_days(period, "end")


def _check_days(element: Element, name: str) -> None:
    """Note a date that is a month or a year: the same service on one of its days could be paid beside it."""
    text = element.text(name)
    if text is not None and len(text) < _FULL_DAY:
        element.note("The date of service must be a full day, YYYY-MM-DD.", name)


def _check_span(line: Element, serviced: Period | None) -> None:
    if serviced is None or serviced.start is None or serviced.end is None:
        return
    if serviced.end - serviced.start > LONGEST_SERVICE:
        line.note("The period of a service must not be longer than ten years.", "serviced")


def _read_line(line: LineElement, header: ClaimHeader) -> BilledLine:
    """Read a claim line. Note an issue if it has no date of service, or no code with a system."""
    team = care_team_of(line.item, header.care_team)
    fields = read_service_line(line, header, team)
    # Only the provider that the answer compares; a request lists all.
    fields["specialties"] = next((member.specialties for member in performing(team)), ())
    if fields["serviced"] is None:
        text = "A claim line must have a date of service, unless the Claim has a billablePeriod."
        line.item.missing("serviced", text)
    _check_span(line.item, fields["serviced"])
    if len(fields["modifiers"]) > MOST_MODIFIERS:
        line.element.note(f"A line must not have more than {MOST_MODIFIERS} modifiers.", "modifier")
    check_line(line.element, fields["quantity"])
    _check_days(line.item, "servicedDate")
    _check_period(line.item.one("servicedPeriod"))
    services = fields["services"]
    if not services and fields["revenue"] is None:
        text = "A claim line must have a service code with its system, or a revenue code."
        line.element.note(text, "productOrService", code="required")
    if not all(coding.code.isascii() and coding.code.isprintable() for coding in services):
        line.element.note("A service code must be printable ASCII text.", "productOrService")
    return BilledLine(**fields, authorization_number=_own_number(line))


def _own_number(line: LineElement) -> str | None:
    """Read the number of the line, or else that of its item. Note an issue if there are different ones."""
    elements = (line.element, line.item) if line.detail else (line.item,)
    extensions = [extension for element in elements for extension in extensions_of(element).all(_NUMBER)]
    numbers = [text for text in (extension.text("valueString") for extension in extensions) if text is not None]
    if len(set(map(canonical, numbers))) > 1:
        text = "A line must have one authorization number. It replaces those of the Claim for this line."
        line.element.note(text, "extension")
    return numbers[0] if numbers else None
