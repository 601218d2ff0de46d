"""Review a request: decide each item by the rules in force on the day of receipt."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.domain.authorization import Granted, ItemDecision, ReviewAction
from app.domain.datatypes import Coding, Period
from app.domain.request import AuthorizationRequest, RequestedItem
from app.domain.span import Span
from app.policy.actions import Certify, Deny, PartlyCertify, Pend
from app.policy.code_sets import same_service, service_keys
from app.policy.conditions import ItemFacts
from app.policy.policy import CompiledRule, Policy, Rule

NO_RULE = "no-rule-in-force"
"""The rule id of a decision if no rule was in force on the day of receipt."""

WITHDRAWN = "cancelled-by-sender"
"""The rule id of a decision if the submitter withdrew the item."""


def review(request: AuthorizationRequest, policy: Policy, received: date) -> tuple[ItemDecision, ...]:
    """Decide every item, in order. The first rule that is in force and matches decides.

    `received` is the payer's calendar day of receipt (`Policy.day`). An item that no rule decides is pended.
    """
    services = [service_keys(item.services) for item in request.items]
    # Requests often repeat a service, so the rules are looked up once for each distinct service.
    rules = {keys: policy.rules_about(keys) for keys in set(services)}
    items = [ItemFacts(item, request, received, keys) for item, keys in zip(request.items, services, strict=True)]
    return tuple([_review_item(facts, rules[facts.services]) for facts in items])


def _review_item(facts: ItemFacts, rules: list[CompiledRule]) -> ItemDecision:
    if facts.item.cancelled:
        return ItemDecision(ReviewAction.CANCELLED, WITHDRAWN, facts.day)
    for compiled in rules:
        if compiled.decides(facts):
            return _decide(compiled.rule, facts.item, facts.day)
    return ItemDecision(ReviewAction.PENDED, NO_RULE, facts.day)


def _decide(rule: Rule, item: RequestedItem, day: date) -> ItemDecision:
    match rule.then:
        case Certify(for_=span):
            granted = Granted(_period(span, item, day), item.quantity, item.unit)
            return ItemDecision(ReviewAction.CERTIFIED, rule.id, day, granted=granted)
        case PartlyCertify() as partly:
            return _partly(rule, partly, item, day)
        case Deny(reason=reason):
            return ItemDecision(ReviewAction.NOT_CERTIFIED, rule.id, day, reason.reason)
        case Pend(reason=reason, ask_for=documents):
            ask_for = tuple(document.loinc for document in documents)
            return ItemDecision(ReviewAction.PENDED, rule.id, day, reason.reason, ask_for=ask_for)


def _partly(rule: Rule, partly: PartlyCertify, item: RequestedItem, day: date) -> ItemDecision:
    quantity = _lower(item.quantity, partly.quantity)
    service = _other_service(partly, item)
    granted = Granted(_period(partly.for_, item, day), quantity, item.unit, service)
    if quantity == item.quantity and service is None:
        return ItemDecision(ReviewAction.CERTIFIED, rule.id, day, granted=granted)
    return ItemDecision(ReviewAction.MODIFIED, rule.id, day, partly.reason.reason, granted)


def _lower(requested: Decimal | None, limit: Decimal | None) -> Decimal | None:
    if requested is None or limit is None:
        return limit if requested is None else requested
    return min(requested, limit)


def _other_service(partly: PartlyCertify, item: RequestedItem) -> Coding | None:
    if partly.code is None:
        return None
    other = partly.code.coding()
    return None if any(same_service(other, service) for service in item.services) else other


def _period(span: Span, item: RequestedItem, day: date) -> Period:
    requested = item.serviced.start if item.serviced else None
    start = requested if requested and requested > day else day
    return Period(start, span.end(start))
