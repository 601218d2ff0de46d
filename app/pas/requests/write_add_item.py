"""Write an addItem of the answer to a request: the service that was authorized instead of the requested one.

http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-claimresponse
"""

from __future__ import annotations

from collections.abc import Iterator

from app.codes import (
    DATA_ABSENT_REASON,
    X12_CERTIFICATION_TYPE,
    X12_PROVIDER_TYPE,
    X12_REQUEST_TYPE,
    pas,
)
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.datatypes import Coding, Period
from app.domain.decision import Granted, ReviewAction
from app.domain.request import RequestedItem
from app.pas.edition import Edition
from app.pas.face import Face, order_reference
from app.pas.parts.write_types import Json, coded, concept, extension, money, period, quantity
from app.pas.requests.write_item import granted_dates, numbers, stay, trace_numbers
from app.pas.requests.write_review_action import adjudication
from app.pas.requests.write_service import modifiers, revenue_code, service_end


def add_items(authorization: Authorization, face: Face, edition: Edition) -> list[Json]:
    """Write an addItem for each modified item."""
    return [
        _add_item(item, item.decision.granted, authorization, face, edition)
        for item in authorization.items
        if item.decision.action is ReviewAction.MODIFIED and item.decision.granted is not None
    ]


def _add_item(
    item: AuthorizedItem, granted: Granted, authorization: Authorization, face: Face, edition: Edition
) -> Json:
    """Write the authorized service under the sequence of the item."""
    requested = item.requested
    extensions = [
        *trace_numbers(item),
        *granted_dates(item, granted),
        *_beside_code(requested, granted, edition),
        *_requested(requested),
        *_order(requested, face),
        *numbers(item, authorization),
        *stay(authorization, edition),
    ]
    providers = [_provider(npi, requested, face) for npi in requested.providers if npi in face.providers]
    return {
        "extension": extensions,
        "itemSequence": [requested.sequence],
        **{name: [part] for name, part in zip(_BELOW, requested.detail, strict=False)},
        **({"provider": providers} if providers else {}),
        **_service(requested, granted),
        "adjudication": [adjudication(item, authorization.number)],
    }


def _service(requested: RequestedItem, granted: Granted) -> Json:
    """Write the service with its modifiers, days, place, units and price."""
    service = granted.service or (requested.services[0] if requested.services else None)
    written: Json = {"productOrService": _AS_REQUESTED if service is None else coded(service)}
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
    return written


def _beside_code(requested: RequestedItem, granted: Granted, edition: Edition) -> Iterator[Json]:
    """Write the end of an authorized range, and the revenue code with the limit of its rate."""
    if requested.service_end is not None and granted.service is None:
        yield service_end(requested.service_end)
    if requested.revenue is not None:
        yield extension(_REVENUE, valueCodeableConcept=revenue_code(requested.revenue, edition))
    if requested.statements.rate_limit is not None:
        yield extension(_RATE_LIMIT, valueDecimal=requested.statements.rate_limit)


def _requested(requested: RequestedItem) -> Iterator[Json]:
    """Write the statements of the item that the review leaves as they are."""
    statements = requested.statements
    if statements.epsdt is not None:
        yield extension(_EPSDT, valueBoolean=statements.epsdt)
    concepts: tuple[tuple[str, Coding | None], ...] = (
        (_RESIDENTIAL_STATUS, statements.residential_status),
        (_LEVEL_OF_CARE, statements.level_of_care),
        (_REQUEST_TYPE, _x12(X12_REQUEST_TYPE, requested.request_type)),
        (_CERTIFICATION_TYPE, _x12(X12_CERTIFICATION_TYPE, requested.certification_type)),
    )
    for url, code in concepts:
        if code is not None:
            yield extension(url, valueCodeableConcept=coded(code))


def _x12(system: str, code: str | None) -> Coding | None:
    return None if code is None else Coding(system, code)


def _order(requested: RequestedItem, face: Face) -> Iterator[Json]:
    url, order = requested.statements.order, requested.order
    if url and order is not None:
        yield extension(_REQUESTED_SERVICE, valueReference=order_reference(face, order.type, url))


def _provider(npi: str, requested: RequestedItem, face: Face) -> Json:
    type_ = requested.statements.provider_types.get(npi)
    if type_ is None:
        return face.providers[npi]
    written = extension(_PROVIDER_TYPE, valueCodeableConcept=concept(X12_PROVIDER_TYPE, type_))
    return {"extension": [written], **face.providers[npi]}


def _within(requested: Period, granted: Period) -> Period:
    """Return the requested days that are granted. A grant of less has a part of them; an open end stays open."""
    starts = [day for day in (requested.start, granted.start) if day is not None]
    ends = [day for day in (requested.end, granted.end) if day is not None]
    return Period(max(starts) if requested.start else None, min(ends) if requested.end else None)


_BELOW = ("detailSequence", "subdetailSequence")
_AS_REQUESTED = {**concept(DATA_ABSENT_REASON, "not-applicable"), "text": "As requested"}
_REVENUE = pas("extension-revenueCode")
_RATE_LIMIT = pas("extension-revenueUnitRateLimit")
_EPSDT = pas("extension-epsdtIndicator")
_RESIDENTIAL_STATUS = pas("extension-nursingHomeResidentialStatus")
_LEVEL_OF_CARE = pas("extension-nursingHomeLevelOfCare")
_REQUEST_TYPE = pas("extension-serviceItemRequestType")
_CERTIFICATION_TYPE = pas("extension-certificationType")
_REQUESTED_SERVICE = pas("extension-requestedService")
_PROVIDER_TYPE = pas("extension-authorizedProviderType")
