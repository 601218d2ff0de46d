"""The review: each item of a request, under the rules in force on the day it was received."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.domain.authorization import Granted, ItemDecision, ReviewAction
from app.domain.request import AuthorizationRequest, Coding, Period, RequestedItem
from app.domain.span import Span
from app.policy.actions import Certify, Deny, PartlyCertify, Pend
from app.policy.code_sets import same_service, service_keys
from app.policy.conditions import Asked
from app.policy.policy import Policy, Rule, RuleAbout

NO_RULE = "no-rule-in-force"
"""Stands in for a rule's id where the request was received before the policy's first day."""

WITHDRAWN = "cancelled-by-sender"
"""Stands in for a rule's id where the sender no longer asks for the item."""


def review(request: AuthorizationRequest, policy: Policy, received: date) -> tuple[ItemDecision, ...]:
    """Answer every item, in order: the first rule in force on the day of receipt that holds decides it.

    `received` is the payer's calendar day (`Policy.day`). Where no rule is in force, the item is left to a reviewer.
    """
    services = [service_keys(item.services) for item in request.items]
    # Many a request asks for one service several times.
    about = {each: policy.rules_about(each) for each in set(services)}
    asked = [Asked(item, request, received, each) for item, each in zip(request.items, services, strict=True)]
    return tuple([_review_item(one, about[one.services]) for one in asked])


def _review_item(asked: Asked, rules: list[RuleAbout]) -> ItemDecision:
    if asked.item.cancelled:
        return ItemDecision(ReviewAction.CANCELLED, WITHDRAWN, asked.day)
    for about in rules:
        if about.decides(asked):
            return _decide(about.rule, asked.item, asked.day)
    return ItemDecision(ReviewAction.PENDED, NO_RULE, asked.day)


def _decide(rule: Rule, item: RequestedItem, day: date) -> ItemDecision:
    match rule.then:
        case Certify(for_=span):
            granted = Granted(_period(span, item, day), item.quantity, item.unit)
            return ItemDecision(ReviewAction.CERTIFIED, rule.id, day, granted=granted)
        case PartlyCertify() as partly:
            return _partly(rule, partly, item, day)
        case Deny(reason=why):
            return ItemDecision(ReviewAction.NOT_CERTIFIED, rule.id, day, why.reason)
        case Pend(reason=why, ask_for=documents):
            ask_for = tuple(each.loinc for each in documents)
            return ItemDecision(ReviewAction.PENDED, rule.id, day, why.reason, ask_for=ask_for)


def _partly(rule: Rule, partly: PartlyCertify, item: RequestedItem, day: date) -> ItemDecision:
    quantity = _lower(item.quantity, partly.quantity)
    service = _other_service(partly, item)
    granted = Granted(_period(partly.for_, item, day), quantity, item.unit, service)
    if quantity == item.quantity and service is None:
        return ItemDecision(ReviewAction.CERTIFIED, rule.id, day, granted=granted)
    return ItemDecision(ReviewAction.MODIFIED, rule.id, day, partly.reason.reason, granted)


def _lower(asked: Decimal | None, limit: Decimal | None) -> Decimal | None:
    if asked is None or limit is None:
        return limit if asked is None else asked
    return min(asked, limit)


def _other_service(partly: PartlyCertify, item: RequestedItem) -> Coding | None:
    if partly.code is None:
        return None
    other = partly.code.coding()
    return None if any(same_service(other, service) for service in item.services) else other


def _period(span: Span, item: RequestedItem, day: date) -> Period:
    asked = item.serviced.start if item.serviced else None
    start = asked if asked and asked > day else day
    return Period(start, span.end(start))
