"""The claim that a replacement or a void is about must be in force."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from app.domain.adjustment_key import AdjustmentKey
from app.domain.bill.bill import AnsweredLine, Bill, BillState, LineAnswer
from app.domain.bill.original import fault_of_original, in_force
from app.domain.billing import REPLACEMENT, VOID
from app.domain.parts.billing_terms import BillingTerms
from tests.support.billing_samples import claim

NOW = datetime(2026, 1, 15, tzinfo=UTC)
TERMS = BillingTerms()
WANTS_NEW = BillingTerms(denied_original="deny")


def bill(state: BillState = BillState.ANSWERED, answer: LineAnswer = LineAnswer.PAID, id_: str = "1") -> Bill:
    line = AnsweredLine("1", None, "", answer)
    return Bill(id_, "response", "payer", "owner", "", "patient", NOW, (line,), state=state, replaced_by="2")


@pytest.mark.parametrize(
    ("frequency", "original", "terms", "key"),
    [
        (REPLACEMENT, None, TERMS, AdjustmentKey.ORIGINAL_UNKNOWN),
        (VOID, None, TERMS, AdjustmentKey.ORIGINAL_UNKNOWN),
        (REPLACEMENT, bill(BillState.REPLACED), TERMS, AdjustmentKey.ORIGINAL_REPLACED),
        (VOID, bill(BillState.REPLACED), TERMS, AdjustmentKey.ORIGINAL_REPLACED),
        (REPLACEMENT, bill(BillState.VOIDED), TERMS, AdjustmentKey.ORIGINAL_VOIDED),
        (REPLACEMENT, bill(answer=LineAnswer.DENIED), WANTS_NEW, AdjustmentKey.ORIGINAL_DENIED),
    ],
)
def test_a_claim_that_is_not_in_force_cannot_be_corrected(
    frequency: str, original: Bill | None, terms: BillingTerms, key: AdjustmentKey
) -> None:
    fault = fault_of_original(replace(claim(), frequency=frequency), original, terms)
    assert fault is not None
    assert fault.key is key


@pytest.mark.parametrize(
    ("frequency", "original", "terms"),
    [
        (REPLACEMENT, bill(), WANTS_NEW),
        (REPLACEMENT, bill(BillState.PENDING, LineAnswer.PENDING), WANTS_NEW),
        (REPLACEMENT, bill(answer=LineAnswer.DENIED), TERMS),
        (VOID, bill(answer=LineAnswer.DENIED), WANTS_NEW),
        (VOID, bill(BillState.VOIDED), TERMS),
    ],
)
def test_a_claim_in_force_can_be_corrected_and_a_void_repeated(
    frequency: str, original: Bill, terms: BillingTerms
) -> None:
    assert fault_of_original(replace(claim(), frequency=frequency), original, terms) is None


def test_a_name_means_the_latest_claim_in_force_and_never_a_void() -> None:
    old, latest, void = bill(BillState.REPLACED), bill(id_="2"), replace(bill(id_="3"), frequency=VOID)
    assert in_force([old, latest, void]) == latest
    assert in_force([old, void]) == old
    assert in_force([void]) is None
