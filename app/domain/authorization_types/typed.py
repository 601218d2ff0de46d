"""Derive the type of each requested item from its codes, its days and the day of receipt."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.parts.authorization_type import AuthorizationType
from app.domain.request import AuthorizationRequest, RequestedItem
from app.domain.urgency import URGENT, Urgency, urgency_of

# Certification types, X12 1322
_EXTENSION = "4"
_AFTER_DENIAL = {
    "1": AuthorizationType.EXPEDITED_APPEAL,
    "2": AuthorizationType.APPEAL,
    "N": AuthorizationType.RECONSIDERATION,
}

# Request types, X12 1525
_ADMISSION = "AR"
_BY_REQUEST_TYPE = {_ADMISSION: AuthorizationType.PRE_CERTIFICATION, "SC": AuthorizationType.REFERRAL}


def typed(
    request: AuthorizationRequest, received: date, *, follows: bool = False, stepped: Collection[str] = ()
) -> AuthorizationRequest:
    """Return the request with the type of each item. `follows`: it is an update of a request that the payer has.

    `stepped`: the numbers of the items with a drug for which, by the policy, other drugs come first.
    An expedited appeal is urgent, also if the request gives another urgency.
    """
    items = tuple(
        replace(item, type=type_of(item, received, follows=follows, stepped=item.number in stepped))
        for item in request.items
    )
    return _urgent(replace(request, items=items))


def typed_within(appeal: Authorization, request: AuthorizationRequest) -> AuthorizationRequest:
    """Return the update of an appeal: each item belongs to the appeal, also with other codes."""
    [type_, *_] = appeal.types
    return _urgent(replace(request, items=tuple(replace(item, type=type_) for item in request.items)))


def type_of(item: RequestedItem, received: date, *, follows: bool = False, stepped: bool = False) -> AuthorizationType:
    """Return the type of an item that the payer received on a day.

    An extension must extend something: without an earlier request, its days alone decide. Care that is over is never
    under way.
    """
    after_denial = _AFTER_DENIAL.get(item.certification_type or "")
    if after_denial is not None:
        return after_denial
    began, over = _began(item, received), _is_over(item, received)
    more = follows and (began or item.certification_type == _EXTENSION)
    admitted = began and item.request_type == _ADMISSION
    if not over and (more or admitted):
        return AuthorizationType.CONCURRENT
    if began:
        return AuthorizationType.RETROSPECTIVE
    usual = AuthorizationType.STEP_THERAPY if stepped else AuthorizationType.PRIOR
    return _BY_REQUEST_TYPE.get(item.request_type or "", usual)


def extends(request: AuthorizationRequest) -> bool:
    """Return whether an item is sent as an extension."""
    return any(item.certification_type == _EXTENSION for item in request.items)


def _urgent(request: AuthorizationRequest) -> AuthorizationRequest:
    expedited = any(item.type is AuthorizationType.EXPEDITED_APPEAL for item in request.items)
    if not expedited or urgency_of(request.urgency) is Urgency.EXPEDITED:
        return request
    return replace(request, urgency=URGENT)


def _began(item: RequestedItem, received: date) -> bool:
    """Return whether the service begins before the day of receipt. Of a period that only ends, the end counts."""
    first = None if item.serviced is None else item.serviced.start or item.serviced.end
    return first is not None and first < received


def _is_over(item: RequestedItem, received: date) -> bool:
    """Return whether the last day of the service is before the day of receipt."""
    last = None if item.serviced is None else item.serviced.end
    return last is not None and last < received
