"""Review a request: decide each item by the rules in force on the day of receipt, or of service."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from app.domain.authorization import AuthorizedItem
from app.domain.coding.shapes import modifier_problem
from app.domain.covered import Covered
from app.domain.decision import ItemDecision, ReviewAction
from app.domain.notice import AskedDocument
from app.domain.parts.authorization_type import AFTER_DENIAL, AuthorizationType
from app.domain.request import AuthorizationRequest, RequestedItem
from app.domain.requirement import Need
from app.domain.review.review_reason import ReasonKey
from app.domain.update.plan import CANCELLED_BY_SENDER, Carried
from app.domain.update.standing import units_of
from app.policy.actions import Certify, Deny, Forward, NotRequired, PartlyCertify, Pend
from app.policy.by_type.late_requests import LeftToReviewer
from app.policy.codes.code_sets import ServiceKey
from app.policy.conditions.service import ServiceIn
from app.policy.determination.by_code import strictest_match, strictest_requirement
from app.policy.determination.first_rule import Match
from app.policy.determination.order import order_differs
from app.policy.explain import explained
from app.policy.facts.earlier import EarlierService
from app.policy.facts.gather import as_billed, facts_of_request, first_day
from app.policy.facts.line_facts import LineFacts
from app.policy.facts.tally import Tally
from app.policy.grants import certification
from app.policy.policy import Policy
from app.policy.rule import CompiledRule, Rule

NO_RULE = "no-rule-in-force"
"""The rule id of a decision if no rule was in force on the day of receipt."""

APPEAL = "appeal"
"""The rule id of a decision on an appeal that no rule is about."""

_POSSIBLE_MODIFIER = "a modifier of two letters or digits"
"""The fact that a line with an impossible modifier lacks."""

NOTHING_CARRIED = Carried()
"""A first request carries no items of a record."""


def review(
    request: AuthorizationRequest,
    policy: Policy,
    received: date,
    member: Covered,
    earlier: tuple[EarlierService, ...] | None = None,
    *,
    carried: Carried = NOTHING_CARRIED,
) -> tuple[ItemDecision, ...]:
    """Decide every item, in order. The first rule that is in force and matches decides.

    `received` is the payer's calendar day of receipt (`Policy.day`). `member` is the payer's record of the member, and
    `earlier` are the member's granted and pending services, if they were read. An item that no rule decides is pended.
    `carried` are the items of the record that an update follows: those it keeps have their decision already.
    """
    items = facts_of_request(request, received, member, earlier)
    desk = _Desk(policy, Tally(), {})
    decisions: dict[int, ItemDecision] = {}
    for place, item in enumerate(request.items):
        kept = carried.kept.get(item.number)
        if kept is not None:
            decisions[place] = kept.decision
            desk.count(items[place], units_of(kept))
    # Limits count over all lines, so the lines are decided in the order of their numbers, after those already decided.
    undecided = set(range(len(items))) - decisions.keys()
    for place in sorted(undecided, key=lambda place: request.items[place].path):
        decision = _review_item(items[place], request.items[place], desk)
        decisions[place] = explained(decision, request, policy)
        desk.count_standing(items[place], carried.replaced.get(request.items[place].number), decision)
    return tuple([decisions[place] for place in range(len(items))])


class _Desk(Struct, frozen=True):
    """The working state for one request.

    `granted`: the units that earlier lines got, by any rule. `rules`: the rules about each service of the request.
    """

    policy: Policy
    granted: Tally
    rules: dict[tuple[ServiceKey, ...], list[CompiledRule]]

    def rules_for(self, facts: LineFacts) -> list[CompiledRule]:
        """Return the rules that can decide a line. Requests often repeat a service, so each is looked up once."""
        if not facts.plain:
            return self.policy.rules_for(facts)
        if facts.services not in self.rules:
            self.rules[facts.services] = self.policy.rules_for(facts)
        return self.rules[facts.services]

    def count(self, facts: LineFacts, units: Decimal) -> None:
        """Count units for the limits of rules."""
        if units > 0:
            self.granted.add(facts.services, facts.span, units)

    def count_standing(self, facts: LineFacts, replaced: AuthorizedItem | None, decision: ItemDecision) -> None:
        """Count the units of an earlier grant that the decision on its change does not have."""
        if replaced is not None:
            self.count(facts, units_of(replaced) - _granted_units(decision))

    def pended(self, key: ReasonKey, rule: str, day: date, missing: tuple[str, ...] = ()) -> ItemDecision:
        """Leave an item to a reviewer, for a reason that no rule names."""
        reason = self.policy.reasons[key].reason
        return ItemDecision(ReviewAction.PENDED, rule, day, reason, missing=tuple(dict.fromkeys(missing)))


def _review_item(facts: LineFacts, item: RequestedItem, desk: _Desk) -> ItemDecision:
    day = facts.received
    if item.cancelled:
        return ItemDecision(ReviewAction.CANCELLED, CANCELLED_BY_SENDER, day)
    if item.type in AFTER_DENIAL:
        return _again(facts, item, desk)
    match = strictest_match(facts, desk.rules_for(facts), desk.policy.systems)
    if match is None:
        return desk.pended(ReasonKey.NO_RULE, NO_RULE, day)
    rule = match.rule
    if match.unknown:
        spans = facts.span is not None and ServiceIn.fact in match.unknown
        key = ReasonKey.CODE_RANGE if spans else ReasonKey.FACT_MISSING
        missing = [fact for fact in match.unknown if not (spans and fact == ServiceIn.fact)]
        return desk.pended(key, rule.id, day, tuple(missing))
    if isinstance(rule.then, Deny | Forward):
        return _refuse(match, rule.then, day, desk)
    refused = _late_refusal(match, facts, desk)
    if refused is not None:
        return refused
    if order_differs(item):
        return _order_pended(rule, day, desk)
    return _decide(match, rule.then, facts, item, desk)


def _again(facts: LineFacts, item: RequestedItem, desk: _Desk) -> ItemDecision:
    """Leave an appeal to a person. Only rules about appeals say what the person needs."""
    rules = [rule for rule in desk.rules_for(facts) if item.type in rule.after_denial]
    match = strictest_match(facts, rules, desk.policy.systems)
    if match is None or match.unknown or not isinstance(match.rule.then, Pend):
        return desk.pended(ReasonKey.APPEAL, APPEAL, facts.received)
    return _pended_by(match.rule.id, match.rule.then, facts.received)


def _pended_by(rule: str, action: Pend, day: date) -> ItemDecision:
    return ItemDecision(ReviewAction.PENDED, rule, day, action.reason.reason, ask_for=_documents(action))


def _refuse(match: Match, action: Deny | Forward, day: date, desk: _Desk) -> ItemDecision:
    """Deny an item, or name the vendor that decides, unless an earlier rule may grant it once its facts are known."""
    if match.passed_over:
        return desk.pended(ReasonKey.FACT_MISSING, match.rule.id, day, match.passed_over)
    if isinstance(action, Deny):
        return ItemDecision(ReviewAction.NOT_CERTIFIED, match.rule.id, day, action.reason.reason)
    reason, referral = desk.policy.reasons[ReasonKey.DELEGATED].reason, desk.policy.types.referral(action.to)
    return ItemDecision(ReviewAction.FORWARDED, match.rule.id, day, reason, note=referral)


def _order_pended(rule: Rule, day: date, desk: _Desk) -> ItemDecision:
    """Pend an item whose order is for another service: an answer to the item would not answer the order."""
    pended = desk.pended(ReasonKey.ORDER_DIFFERS, rule.id, day)
    return replace(pended, ask_for=_documents(rule.then)) if isinstance(rule.then, Pend) else pended


def _decide(
    match: Match,
    action: NotRequired | Certify | PartlyCertify | Pend,
    facts: LineFacts,
    item: RequestedItem,
    desk: _Desk,
) -> ItemDecision:
    rule, day = match.rule.id, facts.received
    if isinstance(action, Pend):
        return _pended_by(rule, action, day)
    if any(map(modifier_problem, item.modifiers)):
        return desk.pended(ReasonKey.FACT_MISSING, rule, day, (_POSSIBLE_MODIFIER,))
    if isinstance(action, NotRequired):
        return _free(rule, facts, desk)
    starts = first_day(item.serviced)
    if starts is not None and starts < day and not match.judges_start and not _late_is_allowed(facts, item, desk):
        return desk.pended(ReasonKey.RETROSPECTIVE, rule, day)
    return _grant(match, action, facts, item, desk)


def _late_is_allowed(facts: LineFacts, item: RequestedItem, desk: _Desk) -> bool:
    terms = desk.policy.types.retrospective
    return terms is not None and item.type is AuthorizationType.RETROSPECTIVE and terms.allows(facts)


def _late_refusal(match: Match, facts: LineFacts, desk: _Desk) -> ItemDecision | None:
    """Refuse a late request, unless the deciding rule judges its start or asks for no authorization.

    A rule that pends the item asks for its own documents, so terms that also pend change nothing.
    """
    terms = desk.policy.types.retrospective
    if terms is None or match.judges_start or isinstance(match.rule.then, NotRequired):
        return None
    if isinstance(match.rule.then, Pend) and isinstance(terms.otherwise, LeftToReviewer):
        return None
    return terms.refusal(facts)


def _free(rule: str, facts: LineFacts, desk: _Desk) -> ItemDecision:
    """Answer that no authorization is needed, if a bill with the same facts needs none either."""
    needed = strictest_requirement(as_billed(facts), desk.rules_for(facts), desk.policy.systems)
    if needed.need is Need.NOT_REQUIRED:
        return ItemDecision(ReviewAction.NOT_REQUIRED, rule, facts.received)
    return desk.pended(ReasonKey.NUMBER_NEEDED, rule, facts.received)


def _documents(action: Pend) -> tuple[AskedDocument, ...]:
    return tuple(document.document for document in action.ask_for)


def _grant(
    match: Match, action: Certify | PartlyCertify, facts: LineFacts, item: RequestedItem, desk: _Desk
) -> ItemDecision:
    rule = match.rule
    if isinstance(action, PartlyCertify) and action.quantity is not None:
        granted = desk.granted.of(facts.services, facts.span)
        left = action.quantity - granted
        if left <= 0:
            reason = desk.policy.reasons[ReasonKey.LIMIT_REACHED].reason
            return ItemDecision(ReviewAction.NOT_CERTIFIED, rule.id, facts.received, reason)
        if granted:
            action = action.model_copy(update={"quantity": left})
    decision = certification(rule, action, item, facts.received, desk.policy)
    desk.count(facts, _granted_units(decision))
    return decision


def _granted_units(decision: ItemDecision) -> Decimal:
    granted = decision.granted
    return Decimal(0) if granted is None or granted.quantity is None else granted.quantity
