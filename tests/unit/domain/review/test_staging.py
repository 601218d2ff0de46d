"""A decision waits as a draft, for a second person, or for its release."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from app.domain.decision import ReviewAction
from app.domain.parts.reviewer import Reviewer, ReviewTerms
from app.domain.parts.ruling import ItemRuling
from app.domain.proposal import Stage
from app.domain.review.decide import decided
from app.domain.review.grounds import Grounds
from app.domain.review.not_decidable import NotAllowed, NotDecidable
from app.domain.review.staging import release_time
from tests.policies.builders import REASONS
from tests.support.billing_samples import QUARTER, authorization, item

NOW = datetime(2026, 1, 12, 10, tzinfo=UTC)
NURSE = Reviewer("portal", "nurse", "reviewer")
PHYSICIAN = Reviewer("portal", "physician", "physician")
PENDED = authorization(item(action=ReviewAction.PENDED, serviced=QUARTER, decided=NOW.date()))
GROUNDS = Grounds(NOW.date(), REASONS, by=NURSE, cosign=("A3", "A6"))
DENY = ItemRuling("1", "deny", reason="not-medically-necessary")
SIGN = ItemRuling("1", "sign")

PERSONS = {
    "two users": (NURSE, PHYSICIAN, False),
    "one user of two clients": (NURSE, Reviewer("phone", "nurse", "physician"), True),
    "two users for one clinician": (replace(NURSE, npi="1987654328"), replace(PHYSICIAN, npi="1987654328"), True),
    "two users for two clinicians": (replace(NURSE, npi="1987654328"), replace(PHYSICIAN, npi="1234567893"), False),
    "two clients without users": (Reviewer("one"), Reviewer("two"), False),
    "one client without a user": (Reviewer("portal"), PHYSICIAN, True),
    "another client without a user": (Reviewer("phone"), PHYSICIAN, False),
}


@pytest.mark.parametrize(("one", "other", "same"), PERSONS.values(), ids=PERSONS)
def test_two_signatures_are_of_two_persons(one: Reviewer, other: Reviewer, same: bool) -> None:
    assert one.may_be(other) is same
    assert other.may_be(one) is same


def test_a_person_who_became_a_physician_does_not_sign_the_own_decision() -> None:
    proposed = decided(PENDED, [DENY], GROUNDS)
    with pytest.raises(NotAllowed, match="another person"):
        decided(proposed, [SIGN], replace(GROUNDS, by=replace(NURSE, role="physician")))


def test_the_record_has_both_persons_after_the_signature() -> None:
    signed = decided(decided(PENDED, [DENY], GROUNDS), [SIGN], replace(GROUNDS, by=PHYSICIAN)).items[0]
    assert (signed.decision.by, signed.decision.signed_by, signed.proposal) == (NURSE, PHYSICIAN, None)


def test_a_signature_judges_the_ruling_again() -> None:
    proposed = decided(PENDED, [ItemRuling("1", "deny", reason="not-medically-necessary")], GROUNDS)
    without = {key: row for key, row in REASONS.items() if key != "not-medically-necessary"}
    with pytest.raises(NotDecidable, match="not an unknown one"):
        decided(proposed, [SIGN], replace(GROUNDS, by=PHYSICIAN, reasons=without))


def test_a_cut_by_fewer_days_needs_the_signature_like_any_other() -> None:
    [cut] = decided(PENDED, [ItemRuling("1", "certify", end=NOW.date())], GROUNDS).items
    assert cut.proposal is not None
    assert (cut.proposal.stage, cut.proposal.decision.action) == (Stage.SIGNATURE, ReviewAction.MODIFIED)


@pytest.mark.parametrize(
    ("grace", "due", "release"),
    [
        (timedelta(0), None, None),
        (timedelta(minutes=15), None, NOW + timedelta(minutes=15)),
        (timedelta(minutes=15), NOW + timedelta(days=1), NOW + timedelta(minutes=15)),
        (timedelta(minutes=15), NOW + timedelta(minutes=5), NOW + timedelta(minutes=4)),
        (timedelta(minutes=15), NOW + timedelta(minutes=1), None),
        (timedelta(minutes=15), NOW, None),
        (timedelta(minutes=15), NOW - timedelta(days=1), NOW + timedelta(minutes=15)),
    ],
)
def test_the_grace_period_makes_no_decision_late(
    grace: timedelta, due: datetime | None, release: datetime | None
) -> None:
    assert release_time(ReviewTerms(grace), NOW, due) == release
