"""The advice on a line that is not paid in full: the next step, its last day, the differences and the units left."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from app.domain.adjustment_key import NextAction
from app.domain.billing import Advice, Difference, Link
from app.domain.decision import ReviewAction
from app.domain.matching import ATTRIBUTES
from app.domain.notice import AppealTerms
from app.domain.parts.billing_terms import BillingTerms, Filing
from app.domain.span import Span
from tests.house.code import ROOT
from tests.support.billing_samples import AU1, MALFORMED, B, authorization, claim, facts, item, line, only

TERMS = BillingTerms(appeal=AppealTerms(Span.parse("P60D"), "Write to the payer."), late_requests=timedelta(days=10))
SIXTY_DAYS_ON = date(2026, 7, 31)


def test_a_line_that_is_paid_in_full_has_no_advice() -> None:
    assert only(claim()).advice is None


def test_a_mismatch_advises_a_new_claim_and_names_each_difference() -> None:
    advice = only(claim(line(providers=(B,), day="2026-04-01")), terms=TERMS).advice
    assert advice is not None
    assert (advice.action, advice.until, advice.units_left) == (NextAction.RESUBMIT, None, Decimal(12))
    assert advice.differences == (
        Difference("rendering provider", f"NPI {B}", "NPI 1234567893"),
        Difference("service dates", "2026-04-01", "2026-01-01 to 2026-03-31"),
    )


def test_a_new_claim_is_advised_until_the_time_limit_of_claims() -> None:
    limited = replace(TERMS, filing=Filing(Span.parse("P1Y"), Span.parse("P2Y"), "Manual 9"))
    advice = only(claim(line("97140")), terms=limited).advice
    assert advice is not None
    assert (advice.action, advice.until) == (NextAction.RESUBMIT, date(2027, 1, 15))


def test_a_denied_request_advises_an_appeal_until_the_day_of_its_notice() -> None:
    denied = item(action=ReviewAction.NOT_CERTIFIED)
    right = AppealTerms(Span.parse("P30D"), "Write.").right(date(2026, 5, 20))
    known = authorization(replace(denied, decision=replace(denied.decision, appeal=right)))
    result = only(claim(), known, terms=TERMS)
    assert result.advice == Advice(NextAction.APPEAL, until=right.until)
    assert f"The last day to appeal is {right.until}." in result.notes


def test_a_late_request_is_advised_until_its_last_day_and_then_an_appeal() -> None:
    recent, old = (
        only(claim(line("72148", day=day), number=None), terms=TERMS) for day in ("2026-05-22", "2026-05-21")
    )
    assert recent.advice == Advice(NextAction.RETRO_REQUEST, until=date(2026, 6, 1))
    assert old.advice == Advice(NextAction.APPEAL, until=SIXTY_DAYS_ON)


def test_a_late_request_without_terms_has_no_last_day() -> None:
    assert only(claim(line("72148"), number=None)).advice == Advice(NextAction.RETRO_REQUEST)


def test_a_line_that_is_paid_in_part_advises_an_extension() -> None:
    result = only(claim(line(units="13")))
    assert result.advice == Advice(NextAction.EXTENSION)


def test_an_omitted_number_is_linked_for_the_party_of_the_authorization() -> None:
    result = only(claim(number=None))
    assert result.linked == Link(f"id-of-{AU1}", AU1, "1")
    assert result.advice == Advice(NextAction.RESUBMIT, units_left=Decimal(12))


@pytest.mark.parametrize("number", [MALFORMED, None])
def test_no_authorization_of_others_shows_in_the_advice(number: str | None) -> None:
    known = facts(authorization(patient="another patient"))
    result = only(claim(line("72148"), number=number), authorizations=known.authorizations, on_file=known.on_file)
    assert result.linked is None
    assert result.advice is not None
    assert (result.advice.differences, result.advice.units_left) == ((), None)


def test_the_published_codes_are_those_of_the_answers() -> None:
    def published(name: str) -> set[str]:
        system = json.loads((ROOT / "capability" / f"CodeSystem-{name}.json").read_text(encoding="utf-8"))
        return {concept["code"] for concept in system["concept"]}

    assert published("biller-action") == {action.value for action in NextAction}
    names = {attribute.name.replace(" ", "-") for attribute in ATTRIBUTES}
    assert published("bill-attribute") == names | {"quantity", "units"}
