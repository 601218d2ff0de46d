"""An item of the answer to a request: the decision, and what belongs to it.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-claimresponse
"""

from __future__ import annotations

from app.domain.authorization import Authorization, AuthorizedItem, Granted, ReviewAction
from app.domain.request import Period
from app.fhir.systems import pas
from app.pas.edition import Edition
from app.pas.face import Face
from app.pas.parts.write_review_action import adjudication, modifiers, service_detail
from app.pas.parts.write_types import Json, coded, extension, identifier, money, period, quantity


def write_item(
    item: AuthorizedItem, authorization: Authorization, face: Face, edition: Edition, note_numbers: list[int]
) -> Json:
    """Write the answer to an item; `note_numbers` are those of its process notes."""
    extensions = [*_trace_numbers(item), *_dates(item), *_providers(item, face), *_detail(item, edition)]
    if item.decision.action is ReviewAction.PENDED and authorization.administration_number:
        extensions.append(extension(_ADMINISTRATION, valueString=authorization.administration_number))
    written: Json = {"extension": extensions} if extensions else {}
    written["itemSequence"] = item.requested.sequence
    if note_numbers:
        written["noteNumber"] = note_numbers
    return {**written, "adjudication": [adjudication(item, authorization.number)]}


def write_add_item(item: AuthorizedItem, granted: Granted, number: str | None, face: Face) -> Json:
    """Write what was authorized in place of what an item asked for; it has that item's sequence."""
    requested = item.requested
    extensions = [*_trace_numbers(item), *_granted_dates(item, granted)]
    written: Json = {"extension": extensions, "itemSequence": [requested.sequence]}
    providers = [face.providers[npi] for npi in requested.providers if npi in face.providers]
    if providers:
        written["provider"] = providers
    service = granted.service or (requested.services[0] if requested.services else None)
    written["productOrService"] = {"text": "As requested"} if service is None else coded(service)
    if requested.modifiers:
        written["modifier"] = modifiers(item)
    if requested.serviced is not None:
        written["servicedPeriod"] = period(requested.serviced)
    if requested.place is not None:
        written["locationCodeableConcept"] = coded(requested.place)
    if granted.quantity is not None:
        written["quantity"] = quantity(granted.quantity, granted.unit or requested.unit)
    if requested.unit_price is not None:
        written["unitPrice"] = money(requested.unit_price, "USD")
    return {**written, "adjudication": [adjudication(item, number)]}


def _trace_numbers(item: AuthorizedItem) -> list[Json]:
    return [extension(_TRACE_NUMBER, valueIdentifier=identifier(one)) for one in item.requested.trace_numbers]


def _dates(item: AuthorizedItem) -> list[Json]:
    granted = item.decision.granted
    dates = [] if granted is None else _granted_dates(item, granted)
    serviced = item.requested.serviced
    return dates if serviced is None else [_requested_date(serviced), *dates]


def _granted_dates(item: AuthorizedItem, granted: Granted) -> list[Json]:
    return [
        extension(_ISSUED, valueDate=item.decision.decided.isoformat()),
        extension(_GRANTED_PERIOD, valuePeriod=period(granted.period)),
    ]


def _requested_date(serviced: Period) -> Json:
    if serviced.start is not None and serviced.start == serviced.end:
        return extension(_REQUESTED_DATE, valueDateTime=serviced.start.isoformat())
    return extension(_REQUESTED_DATE, valuePeriod=period(serviced))


def _providers(item: AuthorizedItem, face: Face) -> list[Json]:
    if item.decision.granted is None:
        return []
    known = [face.providers[npi] for npi in item.requested.providers if npi in face.providers]
    return [extension(_PROVIDER, extension=[extension("provider", valueReference=one)]) for one in known]


def _detail(item: AuthorizedItem, edition: Edition) -> list[Json]:
    if item.decision.granted is None:
        return []
    modified = item.decision.action is ReviewAction.MODIFIED
    detail = service_detail(item, as_requested=modified and edition.modified_in_add_item)
    return [detail] if detail["extension"] else []


_TRACE_NUMBER = pas("extension-itemTraceNumber")
_ISSUED = pas("extension-itemPreAuthIssueDate")
_GRANTED_PERIOD = pas("extension-itemPreAuthPeriod")
_REQUESTED_DATE = pas("extension-itemRequestedServiceDate")
_PROVIDER = pas("extension-itemAuthorizedProvider")
_ADMINISTRATION = pas("extension-administrationReferenceNumber")
