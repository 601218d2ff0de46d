"""Write an item of the answer to a request: its decision, dates, numbers and providers.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-claimresponse
"""

from __future__ import annotations

from collections.abc import Iterable

from app.codes import DATA_ABSENT_REASON, pas
from app.domain.authorization import Authorization, AuthorizedItem, Granted, ReviewAction
from app.domain.datatypes import Period
from app.domain.request import RequestedItem
from app.pas.edition import Edition
from app.pas.face import Face, Reference
from app.pas.parts.write_types import BELOW, SEQUENCES, Json, coded, concept, identifier, money, period, quantity
from app.pas.requests.write_header import authorized_provider
from app.pas.requests.write_review_action import adjudication
from app.pas.requests.write_service import modifiers, revenue_code, service_detail, service_end


def write_line(item: AuthorizedItem, authorization: Authorization, edition: Edition, note_numbers: list[int]) -> Json:
    """Write the answer to an item or a detail, without its providers. `note_numbers` number its process notes.

    PAS defines the extensions of an item, but none of a detail.
    """
    place = item.requested.path
    extensions = _extensions(item, authorization, edition) if len(place) == 1 else []
    written: Json = {"extension": extensions} if extensions else {}
    written[SEQUENCES[len(place) - 1]] = place[-1]
    if note_numbers:
        written["noteNumber"] = note_numbers
    written["adjudication"] = [adjudication(item, authorization.number)]
    return written


def nested(lines: Iterable[tuple[RequestedItem, Json]]) -> list[Json]:
    """Put the answers to details below the answers to their items."""
    items: list[Json] = []
    above: dict[tuple[int, ...], Json] = {}
    for requested, written in lines:
        place = requested.path
        above[place] = written
        if len(place) == 1:
            items.append(written)
        else:
            above[place[:-1]].setdefault(BELOW[len(place) - 2], []).append(written)
    return items


def _extensions(item: AuthorizedItem, authorization: Authorization, edition: Edition) -> list[Json]:
    extensions = [*_trace_numbers(item), *_dates(item), *_detail(item, edition)]
    if item.decision.action in _BY_CASE_REFERENCE and authorization.administration_number:
        extensions.append({"url": _ADMINISTRATION, "valueString": authorization.administration_number})
    if item.previous_number is not None:
        extensions.append({"url": _PREVIOUS, "valueString": item.previous_number})
    return extensions


def with_providers(written: Json, item: AuthorizedItem, face: Face) -> Json:
    """Add the authorized providers to the answer to an item, if `face` has a Reference to them."""
    providers = [] if item.decision.granted is None else _providers(item, face)
    if not providers:
        return written
    extensions = list(map(authorized_provider, providers))
    return {**written, "extension": [*written["extension"], *extensions]}


def write_add_item(item: AuthorizedItem, granted: Granted, number: str | None, face: Face, edition: Edition) -> Json:
    """Write the service that was authorized instead of the requested one, under the sequence of the item."""
    requested = item.requested
    extensions = [*_trace_numbers(item), *_granted_dates(item, granted), *_beside_code(requested, granted, edition)]
    written: Json = {"extension": extensions, "itemSequence": [requested.sequence]}
    for name, sequence in zip(("detailSequence", "subdetailSequence"), requested.detail, strict=False):
        written[name] = [sequence]
    providers = _providers(item, face)
    if providers:
        written["provider"] = providers
    service = granted.service or (requested.services[0] if requested.services else None)
    written["productOrService"] = _AS_REQUESTED if service is None else coded(service)
    if requested.modifiers:
        written["modifier"] = modifiers(requested)
    if requested.serviced is not None:
        written["servicedPeriod"] = period(_within(requested.serviced, granted.period))
    if requested.place is not None:
        written["locationCodeableConcept"] = coded(requested.place)
    if granted.quantity is not None:
        written["quantity"] = quantity(granted.quantity, granted.unit or requested.unit)
    if requested.unit_price is not None:
        written["unitPrice"] = money(requested.unit_price, requested.currency)
    return {**written, "adjudication": [adjudication(item, number)]}


def _beside_code(requested: RequestedItem, granted: Granted, edition: Edition) -> list[Json]:
    """Write the end of an authorized range, and the revenue code."""
    extensions = []
    if requested.service_end is not None and granted.service is None:
        extensions.append(service_end(requested.service_end))
    if requested.revenue is not None:
        extensions.append({"url": _REVENUE, "valueCodeableConcept": revenue_code(requested.revenue, edition)})
    return extensions


def _within(requested: Period, granted: Period) -> Period:
    """Return the requested days that are granted. A grant of less has a part of them; an open end stays open."""
    starts = [day for day in (requested.start, granted.start) if day is not None]
    ends = [day for day in (requested.end, granted.end) if day is not None]
    return Period(max(starts) if requested.start else None, min(ends) if requested.end else None)


def _trace_numbers(item: AuthorizedItem) -> list[Json]:
    """Write the trace numbers of the item. PAS requires a system, so those without one are left out."""
    numbers = [number for number in item.requested.trace_numbers if number.system]
    return [{"url": _TRACE_NUMBER, "valueIdentifier": identifier(number)} for number in numbers]


def _dates(item: AuthorizedItem) -> list[Json]:
    granted = item.decision.granted
    dates = [] if granted is None else _granted_dates(item, granted)
    serviced = item.requested.serviced
    return dates if serviced is None else [_requested_date(serviced), *dates]


def _granted_dates(item: AuthorizedItem, granted: Granted) -> list[Json]:
    return [
        {"url": _ISSUED, "valueDate": item.decision.decided.isoformat()},
        {"url": _GRANTED_PERIOD, "valuePeriod": period(granted.period)},
    ]


def _requested_date(serviced: Period) -> Json:
    if serviced.start is not None and serviced.start == serviced.end:
        return {"url": _REQUESTED_DATE, "valueDateTime": serviced.start.isoformat()}
    return {"url": _REQUESTED_DATE, "valuePeriod": period(serviced)}


def _providers(item: AuthorizedItem, face: Face) -> list[Reference]:
    return [face.providers[npi] for npi in item.requested.providers if npi in face.providers]


def _detail(item: AuthorizedItem, edition: Edition) -> list[Json]:
    if item.decision.granted is None:
        return []
    modified = item.decision.action is ReviewAction.MODIFIED
    detail = service_detail(item, edition, as_requested=modified and edition.modified_in_add_item)
    return [detail] if detail["extension"] else []


_BY_CASE_REFERENCE = frozenset({ReviewAction.PENDED, ReviewAction.NOT_CERTIFIED})
"""The decisions that a bill or an inquiry names by the administration number of the request."""

_AS_REQUESTED = {**concept(DATA_ABSENT_REASON, "not-applicable"), "text": "As requested"}
_REVENUE = pas("extension-revenueCode")
_TRACE_NUMBER = pas("extension-itemTraceNumber")
_ISSUED = pas("extension-itemPreAuthIssueDate")
_GRANTED_PERIOD = pas("extension-itemPreAuthPeriod")
_REQUESTED_DATE = pas("extension-itemRequestedServiceDate")
_PREVIOUS = pas("extension-authorizationNumber")
_ADMINISTRATION = pas("extension-administrationReferenceNumber")
