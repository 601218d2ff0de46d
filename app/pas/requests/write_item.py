"""Write an item of the answer to a request: its decision, dates, numbers and providers.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-claimresponse
"""

from __future__ import annotations

from collections.abc import Iterable

from app.codes import ICD_10_CM, canonical, pas
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.datatypes import Period
from app.domain.decision import Granted, ReviewAction
from app.domain.request import RequestedItem
from app.pas.edition import Edition
from app.pas.face import Face, Reference
from app.pas.parts.write_types import BELOW, SEQUENCES, Json, coded, identifier, period
from app.pas.requests.write_header import authorized_provider
from app.pas.requests.write_review_action import adjudication
from app.pas.requests.write_service import service_detail


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
    return [
        *trace_numbers(item),
        *_dates(item),
        *_detail(item, edition),
        *numbers(item, authorization),
        *stay(authorization, edition),
        *_diagnosis(item),
    ]


def with_providers(written: Json, item: AuthorizedItem, face: Face) -> Json:
    """Add the authorized providers to the answer to an item, if `face` has a Reference to them."""
    providers = [] if item.decision.granted is None else _providers(item, face)
    if not providers:
        return written
    extensions = list(map(authorized_provider, providers))
    return {**written, "extension": [*written["extension"], *extensions]}


def trace_numbers(item: AuthorizedItem) -> list[Json]:
    """Write the trace numbers of the item. PAS requires a system, so those without one are left out."""
    with_system = [number for number in item.requested.trace_numbers if number.system]
    return [{"url": _TRACE_NUMBER, "valueIdentifier": identifier(number)} for number in with_system]


def numbers(item: AuthorizedItem, authorization: Authorization) -> list[Json]:
    """Write the case reference of an item that is or was pended, or is denied, and the number of an earlier grant."""
    decision, written = item.decision, []
    if (decision.action in _BY_CASE_REFERENCE or decision.human) and authorization.administration_number:
        written.append({"url": _ADMINISTRATION, "valueString": authorization.administration_number})
    if item.previous_number is not None:
        written.append({"url": _PREVIOUS, "valueString": item.previous_number})
    return written


def stay(authorization: Authorization, edition: Edition) -> list[Json]:
    """Write the days of admission and discharge, if the edition has places for them."""
    days, written = authorization.stay, []
    if days is None or not edition.full_answers:
        return []
    if days.admission is not None:
        written.append({"url": _ADMISSION, **_date_or_period("valueDate", days.admission)})
    if days.discharge is not None:
        written.append({"url": _DISCHARGE, "valueDate": days.discharge.isoformat()})
    return written


def _diagnosis(item: AuthorizedItem) -> list[Json]:
    """Write the first diagnosis of the item: the answer to an inquiry has a place for one only."""
    codes = (code for code in item.requested.diagnoses if canonical(code.system) == ICD_10_CM)
    first = next(codes, None)
    return [] if first is None else [{"url": _DIAGNOSIS, "valueCodeableConcept": coded(first)}]


def _dates(item: AuthorizedItem) -> list[Json]:
    granted = item.decision.granted
    dates = [] if granted is None else granted_dates(item, granted)
    serviced = item.requested.serviced
    return dates if serviced is None else [_requested_date(serviced), *dates]


def granted_dates(item: AuthorizedItem, granted: Granted) -> list[Json]:
    """Write the day of the decision, and the period of the grant."""
    return [
        {"url": _ISSUED, "valueDate": item.decision.decided.isoformat()},
        {"url": _GRANTED_PERIOD, "valuePeriod": period(granted.period)},
    ]


def _requested_date(serviced: Period) -> Json:
    return {"url": _REQUESTED_DATE, **_date_or_period("valueDateTime", serviced)}


def _date_or_period(name: str, days: Period) -> Json:
    if days.start is not None and days.start == days.end:
        return {name: days.start.isoformat()}
    return {"valuePeriod": period(days)}


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

_TRACE_NUMBER = pas("extension-itemTraceNumber")
_ISSUED = pas("extension-itemPreAuthIssueDate")
_GRANTED_PERIOD = pas("extension-itemPreAuthPeriod")
_REQUESTED_DATE = pas("extension-itemRequestedServiceDate")
_PREVIOUS = pas("extension-authorizationNumber")
_ADMINISTRATION = pas("extension-administrationReferenceNumber")
_ADMISSION = pas("extension-admissionDates")
_DISCHARGE = pas("extension-dischargeDate")
_DIAGNOSIS = pas("extension-communicatedDiagnosis")
