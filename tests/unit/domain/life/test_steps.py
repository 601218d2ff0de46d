"""No workflow makes a step that the life of a request does not have."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import Granted, ItemDecision, ReviewAction
from app.domain.life.states import ItemState, decided_state
from app.domain.life.steps import IllegalStep, check_life
from app.domain.notice import AskedDocument
from app.domain.parts.reviewer import Reviewer
from app.domain.parts.ruling import ItemRuling
from app.domain.proposal import Proposal, Stage
from app.domain.update.standing import granted_before
from tests.support.billing_samples import QUARTER, authorization, cpt, item

REQUESTED = item()
DAY = REQUESTED.decision.decided
CUT = Granted(QUARTER, Decimal(2))
OTHER_CODE = Granted(QUARTER, Decimal(12), None, cpt("97140"))

DECISIONS = {
    ItemState.PENDED: ItemDecision(ReviewAction.PENDED, "rule", DAY),
    ItemState.INFORMATION_REQUESTED: ItemDecision(
        ReviewAction.PENDED, "rule", DAY, ask_for=(AskedDocument("18842-5", "Summary"),)
    ),
    ItemState.APPROVED: REQUESTED.decision,
    ItemState.PARTLY_APPROVED: ItemDecision(ReviewAction.MODIFIED, "rule", DAY, granted=CUT),
    ItemState.MODIFIED: ItemDecision(ReviewAction.MODIFIED, "rule", DAY, granted=OTHER_CODE),
    ItemState.NOT_REQUIRED: ItemDecision(ReviewAction.NOT_REQUIRED, "rule", DAY),
    ItemState.DENIED: ItemDecision(ReviewAction.NOT_CERTIFIED, "rule", DAY),
    ItemState.CANCELLED: ItemDecision(ReviewAction.CANCELLED, "rule", DAY),
}

OPEN = (ItemState.PENDED, ItemState.INFORMATION_REQUESTED)
GRANTED = (ItemState.APPROVED, ItemState.PARTLY_APPROVED, ItemState.MODIFIED)

FREE = {
    *product(OPEN, DECISIONS),
    *product((*GRANTED, ItemState.NOT_REQUIRED), [ItemState.CANCELLED]),
}
BY_UPDATE = FREE | set(product((*GRANTED, ItemState.NOT_REQUIRED), DECISIONS))
BY_PERSON = FREE | set(product((ItemState.PARTLY_APPROVED, ItemState.MODIFIED, ItemState.DENIED), GRANTED))


PAIRS = [*product(DECISIONS, DECISIONS)]


def in_state(state: ItemState, rule: str = "rule", *, human: bool = False, units: int = 12) -> Authorization:
    requested = replace(REQUESTED.requested, quantity=Decimal(units))
    return authorization(AuthorizedItem(requested, replace(DECISIONS[state], rule=rule, human=human)))


def allowed(before: Authorization, after: Authorization, *, attended: bool = True) -> bool:
    try:
        check_life(before, after, attended=attended)
    except IllegalStep:
        return False
    return True


def test_each_decision_gives_one_state() -> None:
    assert {state: decided_state(decision) for state, decision in DECISIONS.items()} == {s: s for s in DECISIONS}


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_decided_item_with_the_same_facts_changes_only_by_a_cancellation(before: ItemState, after: ItemState) -> None:
    assert allowed(in_state(before), in_state(after, "another")) is ((before, after) in FREE)


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_other_facts_begin_a_new_review_unless_the_item_is_denied_or_cancelled(
    before: ItemState, after: ItemState
) -> None:
    assert allowed(in_state(before), in_state(after, "another", units=20)) is ((before, after) in BY_UPDATE)


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_person_can_amend_a_denial_or_a_cut_and_nothing_else(before: ItemState, after: ItemState) -> None:
    assert allowed(in_state(before), in_state(after, "reviewer", human=True)) is ((before, after) in BY_PERSON)


@pytest.mark.parametrize("state", DECISIONS)
def test_a_decision_that_stays_needs_no_step(state: ItemState) -> None:
    assert allowed(in_state(state), in_state(state))


def test_a_denied_change_of_a_granted_item_can_be_changed_again() -> None:
    denied = replace(REQUESTED, decision=DECISIONS[ItemState.DENIED], standing=granted_before(REQUESTED))
    changed = in_state(ItemState.PENDED, units=20)
    assert allowed(authorization(denied), changed)
    assert not allowed(authorization(replace(denied, standing=None)), changed)


def test_a_record_keeps_its_items() -> None:
    two = authorization(item(), item(sequence=2))
    with pytest.raises(IllegalStep, match=r"keep the items \['2'\]"):
        check_life(two, authorization(item()), attended=True)


@pytest.mark.parametrize("state", DECISIONS)
def test_a_first_answer_may_have_each_state(state: ItemState) -> None:
    check_life(None, in_state(state), attended=True)


BY_NURSE = Reviewer("portal", "nurse", "reviewer")


def proposed(stage: Stage, by: Reviewer | None = BY_NURSE) -> Authorization:
    decision = replace(DECISIONS[ItemState.APPROVED], human=True, by=by)
    pended = in_state(ItemState.PENDED).items[0]
    return authorization(replace(pended, proposal=Proposal(stage, ItemRuling("1", "certify"), decision)))


def in_force(before: Authorization, by: Reviewer = BY_NURSE) -> Authorization:
    decision = replace(DECISIONS[ItemState.APPROVED], human=True, by=by)
    return authorization(replace(before.items[0], decision=decision, proposal=None))


@pytest.mark.parametrize("state", DECISIONS)
@pytest.mark.parametrize("human", [True, False])
def test_the_clock_decides_no_item(state: ItemState, human: bool) -> None:
    before = in_state(ItemState.PENDED)
    assert not allowed(before, in_state(state, "another", human=human), attended=False)
    assert allowed(before, before, attended=False)


@pytest.mark.parametrize("stage", Stage)
def test_the_clock_releases_no_decision_that_lacks_a_signature(stage: Stage) -> None:
    before = proposed(stage)
    assert allowed(before, in_force(before), attended=False) is (stage is Stage.RELEASE)


def test_the_clock_releases_no_decision_of_another_or_without_a_person() -> None:
    before = proposed(Stage.RELEASE)
    assert not allowed(before, in_force(before, Reviewer("portal", "another")), attended=False)
    nobodys = proposed(Stage.RELEASE, None)
    assert not allowed(nobodys, in_force(nobodys), attended=False)


@pytest.mark.parametrize("state", set(DECISIONS) - set(OPEN))
def test_a_decided_item_has_no_proposal(state: ItemState) -> None:
    item_with_both = replace(in_state(state).items[0], proposal=proposed(Stage.DRAFT).items[0].proposal)
    assert not allowed(in_state(state), authorization(item_with_both))
