"""Review a request: decide each item by the rules in force on the day of receipt."""

from __future__ import annotations

from datetime import date

from app.domain.authorization import ItemDecision, ReviewAction
from app.domain.request import AuthorizationRequest, RequestedItem
from app.policy.actions import Certify, Deny, PartlyCertify, Pend
from app.policy.code_sets import service_keys
from app.policy.conditions import ItemFacts
from app.policy.explain import explained
from app.policy.grants import certification
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
    decisions = [_review_item(facts, rules[facts.services], policy) for facts in items]
    return tuple([explained(decision, request, policy) for decision in decisions])


def _review_item(facts: ItemFacts, rules: list[CompiledRule], policy: Policy) -> ItemDecision:
    if facts.item.cancelled:
        return ItemDecision(ReviewAction.CANCELLED, WITHDRAWN, facts.day)
    for compiled in rules:
        if compiled.decides(facts):
            return _decide(compiled.rule, facts.item, facts.day, policy)
    return ItemDecision(ReviewAction.PENDED, NO_RULE, facts.day)


def _decide(rule: Rule, item: RequestedItem, day: date, policy: Policy) -> ItemDecision:
    match rule.then:
        case Certify() | PartlyCertify() as action:
            return certification(rule, action, item, day, policy)
        case Deny(reason=reason):
            return ItemDecision(ReviewAction.NOT_CERTIFIED, rule.id, day, reason.reason)
        case Pend(reason=reason, ask_for=documents):
            ask_for = tuple(document.document for document in documents)
            return ItemDecision(ReviewAction.PENDED, rule.id, day, reason.reason, ask_for=ask_for)
