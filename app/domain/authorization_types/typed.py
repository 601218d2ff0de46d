"""Derive the type of each requested item from its codes, its days and the day of receipt."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum

from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import ReviewAction
from app.domain.parts.authorization_type import AuthorizationType
from app.domain.request import AuthorizationRequest, RequestedItem
from app.domain.update.same_facts import same_service
from app.domain.urgency import URGENT, Urgency, urgency_of

_ONE_DAY = timedelta(days=1)


class Before(StrEnum):
    """The state of a service in the record of an updated request."""

    NOTHING = "nothing"
    WAITING = "waiting"
    GRANTED = "granted"


# Certification types, X12 1322
_EXTENSION = "4"
_AFTER_DENIAL = {
    "1": AuthorizationType.EXPEDITED_APPEAL,
    "2": AuthorizationType.APPEAL,
    "N": AuthorizationType.RECONSIDERATION,
}

# Request types, X12 1525
ADMISSION = "AR"
_BY_REQUEST_TYPE = {ADMISSION: AuthorizationType.PRE_CERTIFICATION, "SC": AuthorizationType.REFERRAL}


def typed(
    request: AuthorizationRequest,
    received: date,
    *,
    before: Mapping[str, Before] | None = None,
    stepped: Collection[str] = (),
) -> AuthorizationRequest:
    """Return the request with the type of each item.

    `before`: for an update, the state of the service of each item in the payer's record, by the number of the item.
    `stepped`: the numbers of the items with a drug for which, by the policy, other drugs come first.
    An expedited appeal is urgent, also if the request gives another urgency.
    """
    known = before or {}
    items = tuple(
        replace(
            item,
            type=type_of(item, received, before=known.get(item.number, Before.NOTHING), stepped=item.number in stepped),
        )
        for item in request.items
    )
    return _urgent(replace(request, items=items))


def before_update(record: Authorization, request: AuthorizationRequest, received: date) -> dict[str, Before]:
    """Return the state of the service of each item of an update in the record.

    A grant that ended earlier than the day before the update counts as waiting: the care may have been given, but its
    authorization has lapsed. An item that the update withdraws has nothing to extend.
    """
    withdrawn = {item.number for item in request.items if item.cancelled}
    items = [item for item in record.items if item.requested.number not in withdrawn]
    return {
        item.number: _before([other for other in items if same_service(other.requested, item)], received)
        for item in request.items
    }


def typed_within(appeal: Authorization, request: AuthorizationRequest) -> AuthorizationRequest:
    """Return the update of an appeal: each item belongs to the appeal, also with other codes."""
    [type_, *_] = appeal.types
    return _urgent(replace(request, items=tuple(replace(item, type=type_) for item in request.items)))


def type_of(
    item: RequestedItem, received: date, *, before: Before = Before.NOTHING, stepped: bool = False
) -> AuthorizationType:
    """Return the type of an item that the payer received on a day.

    An extension must extend a grant of the service. Without a grant, the code of an extension makes no care under way.
    Care that is over is never under way.
    """
    after_denial = _AFTER_DENIAL.get(item.certification_type or "")
    if after_denial is not None:
        return after_denial
    began, over = _began(item, received), _is_over(item, received)
    if not over and _is_under_way(item, before, began=began):
        return AuthorizationType.CONCURRENT
    if began:
        return AuthorizationType.RETROSPECTIVE
    if stepped:
        return AuthorizationType.STEP_THERAPY
    return _BY_REQUEST_TYPE.get(item.request_type or "", AuthorizationType.PRIOR)


def extends(request: AuthorizationRequest) -> bool:
    """Return whether an item is sent as an extension."""
    return any(item.certification_type == _EXTENSION for item in request.items)


def _urgent(request: AuthorizationRequest) -> AuthorizationRequest:
    expedited = any(item.type is AuthorizationType.EXPEDITED_APPEAL for item in request.items)
    if not expedited or urgency_of(request.urgency) is Urgency.EXPEDITED:
        return request
    return replace(request, urgency=URGENT)


def _is_under_way(item: RequestedItem, before: Before, *, began: bool) -> bool:
    if item.certification_type == _EXTENSION:
        return before is Before.GRANTED
    return began and (before is not Before.NOTHING or item.request_type == ADMISSION)


def _before(same: Collection[AuthorizedItem], received: date) -> Before:
    """Return the state of a service, whose items in the record are `same`."""
    grants = [item.in_force for item in same]
    if any(one is not None and (one.period.end or date.max) >= received - _ONE_DAY for one in grants):
        return Before.GRANTED
    waits = any(item.decision.action is ReviewAction.PENDED for item in same) or any(grants)
    return Before.WAITING if waits else Before.NOTHING


def _began(item: RequestedItem, received: date) -> bool:
    """Return whether the service begins before the day of receipt. Of a period that only ends, the end counts."""
    first = None if item.serviced is None else item.serviced.start or item.serviced.end
    return first is not None and first < received


def _is_over(item: RequestedItem, received: date) -> bool:
    """Return whether the last day of the service is before the day of receipt."""
    last = None if item.serviced is None else item.serviced.end
    return last is not None and last < received
