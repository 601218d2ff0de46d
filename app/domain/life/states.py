"""The states of a request and of its items. They follow from the record; no state is stored."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import ItemDecision, ReviewAction


class ItemState(StrEnum):
    """The state of a requested item. `received` is its state before the first decision."""

    RECEIVED = "received"
    PENDED = "pended"
    INFORMATION_REQUESTED = "information-requested"
    APPROVED = "approved"
    PARTLY_APPROVED = "partly-approved"
    MODIFIED = "modified"
    NOT_REQUIRED = "not-required"
    FORWARDED = "forwarded"
    EXPIRED = "expired"
    DENIED = "denied"
    CANCELLED = "cancelled"


class RequestState(StrEnum):
    """The state of a request. `refused`: an error stopped the review, and no item has a decision."""

    REFUSED = "refused"
    PENDED = "pended"
    INFORMATION_REQUESTED = "information-requested"
    APPROVED = "approved"
    PARTLY_APPROVED = "partly-approved"
    MODIFIED = "modified"
    EXPIRED = "expired"
    FORWARDED = "forwarded"
    DENIED = "denied"
    CANCELLED = "cancelled"


OPEN = frozenset({ItemState.PENDED, ItemState.INFORMATION_REQUESTED})
"""The states of an item that waits for a person."""

GRANTED = frozenset({ItemState.APPROVED, ItemState.PARTLY_APPROVED, ItemState.MODIFIED})
"""The states of an item with a grant. An expired item had one of them."""


def state_of_item(item: AuthorizedItem, today: date) -> ItemState:
    """Return the state of an item on the payer's calendar day."""
    state, granted = decided_state(item.decision), item.decision.granted
    ended = granted is not None and granted.period.end is not None and granted.period.end < today
    return ItemState.EXPIRED if state in GRANTED and ended else state


def state_of(authorization: Authorization, today: date) -> RequestState:
    """Return the state of a request on the payer's calendar day: that of its items, without the cancelled ones."""
    if not authorization.items:
        return RequestState.REFUSED
    states = {state_of_item(item, today) for item in authorization.items} - {ItemState.CANCELLED}
    for waiting in (ItemState.INFORMATION_REQUESTED, ItemState.PENDED):
        if waiting in states:
            return RequestState(waiting)
    if not states:
        return RequestState.CANCELLED
    if ItemState.EXPIRED in states and states <= {ItemState.EXPIRED, ItemState.DENIED, ItemState.NOT_REQUIRED}:
        return RequestState.EXPIRED
    granted = states - {ItemState.NOT_REQUIRED} or {ItemState.APPROVED}
    return RequestState(granted.pop()) if len(granted) == 1 else _mixed(granted)


def local_day(authorization: Authorization, moment: datetime) -> date:
    """Return the day of a moment in the time zone of the policy that decided; in UTC if the record has none."""
    zone = authorization.policy.timezone
    return moment.astimezone(ZoneInfo(zone) if zone else UTC).date()


def decided_state(decision: ItemDecision) -> ItemState:
    """Return the state that a decision gives its item, before the end of its grant."""
    match decision.action:
        case ReviewAction.PENDED:
            return ItemState.INFORMATION_REQUESTED if decision.ask_for else ItemState.PENDED
        case ReviewAction.MODIFIED:
            replaced = decision.granted is not None and decision.granted.service is not None
            return ItemState.MODIFIED if replaced else ItemState.PARTLY_APPROVED
        case ReviewAction.CERTIFIED:
            return ItemState.APPROVED
        case ReviewAction.NOT_CERTIFIED:
            return ItemState.DENIED
        case ReviewAction.CANCELLED:
            return ItemState.CANCELLED
        case ReviewAction.NOT_REQUIRED:
            return ItemState.NOT_REQUIRED
        case ReviewAction.FORWARDED:
            return ItemState.FORWARDED


def _mixed(states: set[ItemState]) -> RequestState:
    """Return the state of items that were granted differently: modified if none was cut or denied."""
    less = {ItemState.PARTLY_APPROVED, ItemState.DENIED, ItemState.EXPIRED, ItemState.FORWARDED}
    return RequestState.MODIFIED if less.isdisjoint(states) else RequestState.PARTLY_APPROVED
