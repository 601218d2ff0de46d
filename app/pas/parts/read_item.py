"""Read a requested service: an item of the Claim and the order that the item refers to."""

from __future__ import annotations

from app.codes import pas
from app.domain.datatypes import Coding, Identifier
from app.domain.request import RequestedItem
from app.domain.service_line import Order
from app.domain.service_range import covers
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement
from app.fhir.extension import Extensions, extensions_of
from app.pas.parts.limits import has_too_many
from app.pas.parts.read_cancellation import CERTIFICATION_TYPE, cancels_item, cancels_request
from app.pas.parts.read_faults import note_line_faults
from app.pas.parts.read_header import Supporting, read_care_team, read_diagnoses, read_supporting
from app.pas.parts.read_line import (
    ClaimHeader,
    LineElement,
    care_team_of,
    item_elements,
    lines_of,
    read_service_line,
)
from app.pas.parts.read_order import valid_order
from app.pas.parts.read_parties import facility_npi
from app.pas.parts.read_statements import read_statements
from app.pas.parts.read_types import CONCEPT, codings, distinct, first_code, identifiers, possible_codings, timing

_ORDERED_CODE: dict[str, str | None] = {
    "ServiceRequest": "code",
    "DeviceRequest": "codeCodeableConcept",
    "MedicationRequest": "medicationCodeableConcept",
    "NutritionOrder": None,
}
"""The types of an order, each with the element that codes what is ordered."""

_NOT_UNITS = ("quantityRange", "quantityRatio")


def read_header(entries: Entries, claim: ResourceElement, npi_severity: str) -> tuple[ClaimHeader, Supporting]:
    """Read the elements that the items point to, and the supporting information."""
    supporting = read_supporting(claim.resource)
    team = read_care_team(entries, claim, npi_severity)
    # The review reads no qualification, but a code that cannot be a taxonomy code is an issue.
    for member in claim.resource.many("careTeam"):
        possible_codings(member, "qualification")
    diagnoses = read_diagnoses(entries, claim, requested=True)
    facility = facility_npi(entries, claim, claim.resource, "facility", npi_severity)
    return ClaimHeader(team, diagnoses, supporting.period, facility), supporting


def read_items(entries: Entries, claim: ResourceElement, header: ClaimHeader) -> tuple[RequestedItem, ...]:
    """Read the items and their details in order. Each item must have its own sequence.

    The cancellation of a whole request cancels every item, and may have none.
    """
    cancelled = cancels_request(claim.resource)
    if cancelled and "item" not in claim.resource.fields:
        return ()
    items: list[RequestedItem] = []
    named = 0
    for item in item_elements(claim.resource):
        lines = list(lines_of(item))
        read = [_read_item(line, entries, claim, header, cancelled=cancelled) for line in lines]
        for detail, requested in zip(lines[1:], read[1:], strict=True):
            _check_repeated(detail, requested, read[0])
        items += read
        named += sum(map(_named, read))
        if has_too_many(named, claim.resource, "item"):
            break
    return tuple(items)


def _check_repeated(detail: LineElement, requested: RequestedItem, item: RequestedItem) -> None:
    """Note a detail with the service of its item: the payer would review and grant the same service twice."""
    if any(covers(own, item.service_end, service) for own in item.services for service in requested.services):
        text = "A detail must not repeat the service of its item. Send the item without this detail."
        detail.element.note(text, "productOrService", code="duplicate")


def _named(item: RequestedItem) -> int:
    ordered = () if item.order is None else item.order.services
    return sum(map(len, (item.providers, item.assisting, item.diagnoses, item.services, ordered)))


def trace_numbers(extensions: Extensions) -> tuple[Identifier, ...]:
    """Read the trace numbers that the submitter gave an item."""
    values = [extension.one("valueIdentifier") for extension in extensions.all(_TRACE_NUMBER)]
    return identifiers([value for value in values if value is not None])


def _read_item(
    line: LineElement, entries: Entries, claim: ResourceElement, header: ClaimHeader, *, cancelled: bool
) -> RequestedItem:
    element, item = line.element, line.item
    extensions = extensions_of(item)
    cancelled = cancelled or cancels_item(item, extensions)
    # The order behind a cancelled item is often revoked.
    order = None if cancelled else _order(extensions, entries, claim)
    behind = None if order is None or line.detail else Order(order.type, _ordered_codes(order))
    ordered = None if line.detail else _ordered_quantity(element, order)
    team = care_team_of(item, header.care_team)
    fields = read_service_line(line, header, team, behind, ordered)
    if fields["serviced"] is None and order is not None:
        fields["serviced"] = timing(order.resource, "occurrenceDateTime", "occurrencePeriod")
    price = element.one("unitPrice")
    requested = RequestedItem(
        **fields,
        service_types=codings(element, "category"),
        unit_price=None if price is None else price.decimal("value"),
        request_type=first_code(extensions.first(_REQUEST_TYPE), CONCEPT),
        certification_type=first_code(extensions.first(CERTIFICATION_TYPE), CONCEPT),
        trace_numbers=trace_numbers(extensions),
        assisting=distinct([member.npi for member in team if member.npi not in fields["providers"]]),
        cancelled=cancelled,
        statements=read_statements(extensions, order, team),
    )
    note_line_faults(line, requested)
    return requested


def _order(extensions: Extensions, entries: Entries, claim: ResourceElement) -> ResourceElement | None:
    """Return the order of an item, if it is valid and for the patient of the Claim."""
    extension = extensions.first(_REQUESTED_SERVICE)
    if extension is None:
        return None
    return valid_order(entries, claim, entries.optional(claim, extension, "valueReference", tuple(_ORDERED_CODE)))


def _ordered_codes(order: ResourceElement) -> tuple[Coding, ...]:
    name = _ORDERED_CODE[order.type]
    if name is None:
        return ()
    return possible_codings(order.resource, name, "warning")


def _ordered_quantity(item: Element, order: ResourceElement | None) -> Element | None:
    """Return the quantity of the order, if the item has none. An order for a range or a ratio is an issue."""
    if order is None or "quantity" in item.fields:
        return None
    for name in _NOT_UNITS:
        if name in order.resource.fields:
            order.resource.note("The quantity of an order must be a Quantity.", "quantity")
    dispense = order.resource.one("dispenseRequest")
    return order.resource.one("quantityQuantity") if dispense is None else dispense.one("quantity")


_REQUEST_TYPE = pas("extension-serviceItemRequestType")
_REQUESTED_SERVICE = pas("extension-requestedService")
_TRACE_NUMBER = pas("extension-itemTraceNumber")
