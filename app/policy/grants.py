"""Grant a requested item under a rule: its days, its units and its code. Less than requested is a modification."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.domain.datatypes import Period
from app.domain.decision import Granted, ItemDecision, Reason, ReviewAction
from app.domain.request import RequestedItem
from app.domain.review.review_reason import ReasonKey
from app.domain.review.shortfall import Shortfall, replacement, shortfalls
from app.policy.actions import Certify, GrantTime, PartlyCertify
from app.policy.policy import Policy
from app.policy.rule import Rule


def certification(
    rule: Rule, action: Certify | PartlyCertify, item: RequestedItem, received: date, policy: Policy
) -> ItemDecision:
    """Decide an item that a rule grants on the day of receipt. A grant of less has a reason."""
    granted = grant(action, item, received)
    lacking = shortfalls(item, granted)
    if not lacking:
        return ItemDecision(ReviewAction.CERTIFIED, rule.id, received, granted=granted)
    return ItemDecision(ReviewAction.MODIFIED, rule.id, received, _reason(action, lacking, policy), granted)


def grant(action: Certify | PartlyCertify, item: RequestedItem, received: date) -> Granted:
    """Return the grant of an action. It exceeds the request only under `at-least` or `units: open`."""
    period = _period(action, item.serviced or Period(), received)
    cap = None if action.cap is None else action.cap.terms
    if isinstance(action, Certify):
        units, service = None if action.units == "open" else item.quantity, None
    else:
        units = _lower(item.quantity, action.quantity)
        service = None if action.code is None else replacement(item, action.code.coding())
    return Granted(period, units, item.unit, service, cap=cap, network_exception=action.network_exception)


def _period(time: GrantTime, requested: Period, received: date) -> Period:
    """Begin on the requested first day, or else on the day of receipt."""
    start = requested.start or min(received, requested.end or received)
    longest = time.for_.end(start)
    if requested.end is None:
        return Period(start, longest)
    end = requested.end if time.at_least is None else max(requested.end, time.at_least.end(start))
    return Period(start, min(end, longest))


def _lower(requested: Decimal, limit: Decimal | None) -> Decimal:
    return requested if limit is None else min(requested, limit)


def _reason(action: Certify | PartlyCertify, lacking: frozenset[Shortfall], policy: Policy) -> Reason:
    """Return the rule's reason for fewer units or another code, or else the reason for less time."""
    if isinstance(action, PartlyCertify) and lacking != {Shortfall.TIME}:
        return action.reason.reason
    return policy.reasons[ReasonKey.LESS_TIME].reason
