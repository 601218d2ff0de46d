"""Review only what the member's coverage includes. Coverage is decided before anything about authorization."""

from __future__ import annotations

from datetime import date
from itertools import compress

from msgspec.structs import replace

from app.domain.covered import Covered
from app.domain.decision import ItemDecision, ReviewAction
from app.domain.notice import Criterion
from app.domain.parts.authorization_type import AFTER_DENIAL
from app.domain.request import AuthorizationRequest, RequestedItem
from app.domain.review.recourse import with_recourse
from app.domain.review.review_reason import ReasonKey
from app.domain.review.shortfall import shortfalls
from app.domain.update.plan import Carried
from app.policy.facts.earlier import EarlierService
from app.policy.facts.gather import first_day
from app.policy.policy import Policy
from app.policy.review import NOTHING_CARRIED, review

NOT_ELIGIBLE = "not-eligible"
"""The rule id of a decision on an item whose service is on a day without coverage."""

COVERAGE = Criterion("The plan pays only for days on which the member is covered", "the payer's record of the coverage")
"""The criterion of a decision that follows from the member's coverage and from no rule."""


def is_eligible(request: AuthorizationRequest, received: date, member: Covered) -> bool:
    """Return whether the member is covered for at least one item, or all items are withdrawn."""
    items = [item for item in request.items if not item.cancelled]
    return not items or any(_covers(member, item, received) for item in items)


def review_covered(
    request: AuthorizationRequest,
    policy: Policy,
    received: date,
    member: Covered,
    earlier: tuple[EarlierService, ...] | None = None,
    *,
    carried: Carried = NOTHING_CARRIED,
) -> tuple[ItemDecision, ...]:
    """Decide every item, in order: deny those on a day without coverage, review the others as one request.

    An item is of its first day of service, or of the day of receipt without one. A grant ends with the coverage. An
    appeal goes to a person, because the coverage may be the reason of the denial.
    `carried` are the items of the record that an update follows: those it keeps have their decision already.
    """
    kept = carried.kept
    covered = [
        item.cancelled or item.number in kept or item.type in AFTER_DENIAL or _covers(member, item, received)
        for item in request.items
    ]
    items = tuple(compress(request.items, covered))
    asked = request if all(covered) else replace(request, items=items)
    reviewed = review(asked, policy, received, member, earlier, carried=carried)
    decisions = (
        decision if item.number in kept else _within_coverage(decision, item, member, policy)
        for decision, item in zip(reviewed, items, strict=True)
    )
    reason = policy.reasons[ReasonKey.NOT_ELIGIBLE].reason
    denied = with_recourse(
        ItemDecision(ReviewAction.NOT_CERTIFIED, NOT_ELIGIBLE, received, reason), COVERAGE, policy.appeal.terms
    )
    return tuple([next(decisions) if is_covered else denied for is_covered in covered])


def _covers(member: Covered, item: RequestedItem, received: date) -> bool:
    return member.why_not_covered(first_day(item.serviced) or received) is None


def _within_coverage(decision: ItemDecision, item: RequestedItem, member: Covered, policy: Policy) -> ItemDecision:
    """Cut a grant that lasts longer than the coverage. The rest is for another request, under the next coverage."""
    granted = decision.granted
    if granted is None or granted.period.start is None:
        return decision
    last_day = member.covered_until(granted.period.start)
    if last_day is None or (granted.period.end is not None and granted.period.end <= last_day):
        return decision
    cut = replace(granted, period=replace(granted.period, end=last_day))
    if decision.action is not ReviewAction.CERTIFIED or not shortfalls(item, cut):
        return replace(decision, granted=cut)
    reason = policy.reasons[ReasonKey.COVERAGE_ENDS].reason
    modified = replace(decision, action=ReviewAction.MODIFIED, reason=reason, granted=cut)
    return with_recourse(modified, COVERAGE, policy.appeal.terms)
