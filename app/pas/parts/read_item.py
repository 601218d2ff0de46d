"""Read a requested service: an item of the Claim and the order that the item refers to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from app.codes import pas
from app.domain.request import Coding, Identifier, Period, RequestedItem
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement
from app.fhir.extension import Extensions, extensions_of
from app.pas.parts.limits import MOST_ITEMS, has_too_many, up_to
from app.pas.parts.read_header import (
    CareTeamMember,
    Supporting,
    pointed,
    read_care_team,
    read_diagnoses,
    read_supporting,
)
from app.pas.parts.read_types import (
    CONCEPT,
    amount,
    codings,
    distinct,
    first_code,
    first_coding,
    identifiers,
    many_codings,
    timing,
)

_ORDERED_CODE: dict[str, str | None] = {
    "ServiceRequest": "code",
    "DeviceRequest": "codeCodeableConcept",
    "MedicationRequest": "medicationCodeableConcept",
    "NutritionOrder": None,
}
"""The types of an order, each with the element that codes what is ordered."""

_NOT_UNITS = ("quantityRange", "quantityRatio")


class Header(Struct, frozen=True):
    """The elements of a Claim that all of its items use."""

    care_team: Mapping[int, CareTeamMember]
    diagnoses: Mapping[int, tuple[Coding, ...]]
    supporting: Supporting


def read_header(entries: Entries, claim: ResourceElement, npi_severity: str) -> Header:
    """Read the elements that the items point to."""
    return Header(
        read_care_team(entries, claim, npi_severity),
        read_diagnoses(entries, claim),
        read_supporting(claim.resource),
    )


def read_items(entries: Entries, claim: ResourceElement, header: Header) -> tuple[RequestedItem, ...]:
    """Read the items in order. Each must have its own sequence and a product or service."""
    elements = up_to(MOST_ITEMS, claim.resource, "item")
    if not elements:
        claim.resource.missing("item", "The Claim must have at least one item.")
    check_sequences(elements)
    items: list[RequestedItem] = []
    named = 0
    for element in elements:
        items.append(_read_item(element, entries, claim, header))
        named += len(items[-1].providers) + len(items[-1].diagnoses) + len(items[-1].services)
        if has_too_many(named, claim.resource, "item"):
            break
    return tuple(items)


def check_sequences(elements: list[Element]) -> None:
    """Note each missing sequence and each duplicate."""
    seen: set[int] = set()
    for element in elements:
        sequence = element.integer("sequence")
        if sequence is None:
            element.missing("sequence")
        elif sequence in seen:
            element.note("The sequence of an item must be unique in the Claim.", "sequence", code="duplicate")
        else:
            seen.add(sequence)


def read_service(element: Element) -> tuple[Coding, ...]:
    """Read the codes of the product or service."""
    return codings(element, "productOrService")


def item_providers(element: Element, team: Mapping[int, CareTeamMember]) -> list[CareTeamMember]:
    """Return the performers of an item: the care team members it points to, else those of the whole claim."""
    if "careTeamSequence" in element.fields:
        return pointed(element, "careTeamSequence", team)
    return [member for member in team.values() if member.overall]


def item_diagnoses(element: Element, diagnoses: Mapping[int, tuple[Coding, ...]]) -> tuple[Coding, ...]:
    """Return the diagnoses that an item points to, else all diagnoses of the claim."""
    of_item = "diagnosisSequence" in element.fields
    groups = pointed(element, "diagnosisSequence", diagnoses) if of_item else list(diagnoses.values())
    return distinct([coding for group in groups for coding in group])


def modifiers(element: Element) -> tuple[str, ...]:
    """Read the codes of an item's modifiers."""
    return tuple([coding.code for coding in many_codings(element, "modifier")])


def trace_numbers(extensions: Extensions) -> tuple[Identifier, ...]:
    """Read the trace numbers that the submitter gave an item."""
    values = [extension.one("valueIdentifier") for extension in extensions.all(_TRACE_NUMBER)]
    return identifiers([value for value in values if value is not None])


def _read_item(element: Element, entries: Entries, claim: ResourceElement, header: Header) -> RequestedItem:
    extensions = extensions_of(element)
    order = _order(extensions, entries, claim)
    quantity, unit = _quantity(element, order)
    price = element.one("unitPrice")
    return RequestedItem(
        element.integer("sequence") or 0,
        distinct(read_service(element) + _ordered_codes(order)),
        first_coding(extensions.first(_SERVICE_END), CONCEPT),
        codings(element, "category"),
        modifiers=modifiers(element),
        quantity=quantity,
        unit=unit,
        unit_price=None if price is None else price.decimal("value"),
        diagnoses=item_diagnoses(element, header.diagnoses),
        place=first_coding(element, "locationCodeableConcept"),
        serviced=_serviced(element, header, order),
        request_type=first_code(extensions.first(_REQUEST_TYPE), CONCEPT),
        certification_type=(certification := first_code(extensions.first(_CERTIFICATION_TYPE), CONCEPT)),
        requested_service=order.type if order is not None else None,
        providers=distinct([member.npi for member in item_providers(element, header.care_team)]),
        trace_numbers=trace_numbers(extensions),
        cancelled=_flagged(element) or certification == _CANCEL,
    )


def _flagged(item: Element) -> bool:
    """Return whether an update cancels the item. A flag without a value is an issue."""
    flags = [flag for flag in item.many("modifierExtension") if flag.text("url") == _CANCELLED_FLAG]
    for flag in flags:
        if flag.flag("valueBoolean") is None:
            flag.missing("valueBoolean", "The extension must have a valueBoolean.")
    return any(flag.flag("valueBoolean") for flag in flags)


def _serviced(item: Element, header: Header, order: ResourceElement | None) -> Period | None:
    """Read the service dates: those of the item, else of the whole claim, else of the order."""
    dates = timing(item, "servicedDate", "servicedPeriod") or header.supporting.period
    if dates is not None or order is None:
        return dates
    return timing(order.resource, "occurrenceDateTime", "occurrencePeriod")


def _order(extensions: Extensions, entries: Entries, claim: ResourceElement) -> ResourceElement | None:
    """Return the order of an item. An order with `doNotPerform` is an issue."""
    extension = extensions.first(_REQUESTED_SERVICE)
    if extension is None:
        return None
    order = entries.optional(claim, extension, "valueReference", tuple(_ORDERED_CODE))
    if order is not None and order.resource.flag("doNotPerform"):
        text = "An item must not refer to an order with `doNotPerform`."
        order.resource.note(text, "doNotPerform", code="business-rule")
    return order


def _ordered_codes(order: ResourceElement | None) -> tuple[Coding, ...]:
    name = None if order is None else _ORDERED_CODE[order.type]
    return () if order is None or name is None else codings(order.resource, name)


def _quantity(item: Element, order: ResourceElement | None) -> tuple[Decimal | None, str | None]:
    """Read the quantity of the item, else that of the order. An order for a range or a ratio is an issue."""
    quantity = item.one("quantity")
    if quantity is None and order is not None:
        for name in _NOT_UNITS:
            if name in order.resource.fields:
                order.resource.note("The quantity of an order must be a Quantity.", "quantity")
        dispense = order.resource.one("dispenseRequest")
        quantity = order.resource.one("quantityQuantity") if dispense is None else dispense.one("quantity")
    return amount(quantity)


_SERVICE_END = pas("extension-productOrServiceCodeEnd")
_REQUEST_TYPE = pas("extension-serviceItemRequestType")
_CANCEL = "3"
_CANCELLED_FLAG = pas("modifierextension-infoCancelled")
_CERTIFICATION_TYPE = pas("extension-certificationType")
_REQUESTED_SERVICE = pas("extension-requestedService")
_TRACE_NUMBER = pas("extension-itemTraceNumber")
