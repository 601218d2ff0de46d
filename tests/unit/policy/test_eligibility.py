"""A denial that follows from the member's coverage: its notice has the same parts as that of a rule."""

from __future__ import annotations

from datetime import date

from app.domain.covered import CoverageTerms, Covered
from app.domain.datatypes import Period
from app.domain.decision import ReviewAction
from app.domain.notice import AppealRight
from app.policy.eligibility import COVERAGE, review_covered
from tests.policies.builders import DAY, item_of, policy_of, request_of

APPEAL = AppealRight(date(2026, 5, 1), "Write to us.")


def covered_until(end: date) -> Covered:
    return Covered(coverages=(CoverageTerms("c-1", period=Period(date(2026, 1, 1), end)),))


def test_an_item_after_the_coverage_is_denied_with_a_criterion_and_an_appeal() -> None:
    later = item_of(sequence=2, serviced=Period(date(2026, 7, 1), date(2026, 7, 2)))
    now = item_of(serviced=Period(DAY, DAY))
    first, second = review_covered(request_of(now, later), policy_of(), DAY, covered_until(date(2026, 6, 30)))
    assert (first.action, first.appeal) == (ReviewAction.CERTIFIED, None)
    assert (second.action, second.rule) == (ReviewAction.NOT_CERTIFIED, "not-eligible")
    assert (second.criterion, second.appeal) == (COVERAGE, APPEAL)


def test_a_grant_that_ends_with_the_coverage_may_be_appealed() -> None:
    item = item_of(serviced=Period(DAY, date(2026, 4, 30)))
    (decision,) = review_covered(request_of(item), policy_of(), DAY, covered_until(date(2026, 3, 31)))
    assert (decision.action, decision.rule) == (ReviewAction.MODIFIED, "anything-else")
    assert decision.reason is not None
    assert decision.reason.key == "coverage-ends"
    assert (decision.criterion, decision.appeal) == (COVERAGE, APPEAL)
