"""The answers to billing claims: the acceptance scenarios, from facts to codes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.adjudication.adjudicate import adjudicate
from app.domain.adjudication.numbers import claimed_numbers
from app.domain.balances.portions import Portion
from app.domain.billing import Draw
from app.domain.datatypes import Coding
from app.domain.decision import ReviewAction
from app.domain.parts.billing_terms import BillingTerms
from app.domain.request import Party
from app.domain.requirement import Need, Requirement
from tests.support.billing_samples import (
    AU1,
    AU2,
    MALFORMED,
    NEVER_ISSUED,
    OFFICE,
    B,
    adjusted_units,
    answered,
    authorization,
    claim,
    codes,
    cpt,
    facts,
    item,
    line,
    on,
    only,
)

AT_HOME = Coding(OFFICE.system, "12")


@pytest.mark.scenario("S-02")
def test_a_claim_that_matches_its_authorization_is_paid_and_draws_units() -> None:
    answer = adjudicate(claim(), facts())
    (result,) = answer.lines
    assert answered(answer) == ["paid 4"]
    assert result.adjustments == ()
    assert result.paid_amount == Decimal("100.00")
    assert result.adjusted_amount == 0
    portion = Portion(on("2026-01-15"), Decimal(4))
    drawn = Draw("id-of-PA260000013", AU1, "1", line="1", units=Decimal(4), remaining=Decimal(8), portions=(portion,))
    assert result.draws == (drawn,)
    assert answer.number == AU1
    assert result.notes == (f"Units drawn from authorization {AU1}: 4. Units left: 8.",)


@pytest.mark.parametrize(
    ("billed", "number", "expected", "units"),
    [
        pytest.param(line("72148"), None, "CO-197 N210", "0", marks=pytest.mark.scenario("S-01")),
        pytest.param(line(), None, "CO-16 M62", "0", marks=pytest.mark.scenario("S-03")),
        pytest.param(line(), MALFORMED, "CO-16 M62", "0", marks=pytest.mark.scenario("S-05")),
        pytest.param(line(), NEVER_ISSUED, "CO-197 M62", "0", marks=pytest.mark.scenario("S-06")),
        pytest.param(line("99213"), AU1, "paid", "4", marks=pytest.mark.scenario("S-07")),
        pytest.param(line("99213"), None, "paid", "4", marks=pytest.mark.scenario("S-08")),
        pytest.param(line(), "pa-2600 00013", "paid", "4", marks=pytest.mark.scenario("S-09")),
        pytest.param(line("97140"), AU1, "CO-284 N54", "0", marks=pytest.mark.scenario("S-10")),
        pytest.param(line(modifiers=("GP",)), AU1, "paid", "4", marks=pytest.mark.scenario("S-13")),
        pytest.param(line(modifiers=("26",)), AU1, "CO-284 N54", "0", marks=pytest.mark.scenario("S-13b")),
        pytest.param(line(modifiers=("NU",)), AU1, "CO-284 N54", "0", marks=pytest.mark.scenario("S-13d")),
        pytest.param(line(providers=(B,)), AU1, "CO-296 N54", "0", marks=pytest.mark.scenario("S-15")),
        pytest.param(line(place=AT_HOME), AU1, "CO-284 M77", "0", marks=pytest.mark.scenario("S-18")),
        pytest.param(line(day="2026-01-01"), AU1, "paid", "4", marks=pytest.mark.scenario("S-20")),
        pytest.param(line(day="2026-03-31"), AU1, "paid", "4", marks=pytest.mark.scenario("S-21")),
        pytest.param(line(day="2026-04-01"), AU1, "CO-302 N351", "0", marks=pytest.mark.scenario("S-22")),
        pytest.param(line(day="2025-12-31"), AU1, "CO-284 N351", "0", marks=pytest.mark.scenario("S-23")),
        pytest.param(
            line(serviced=on("2026-03-30", "2026-04-02")), AU1, "CO-302 N351", "0", marks=pytest.mark.scenario("S-24")
        ),
        pytest.param(line(units="1e9"), AU1, "CO-198 N435", "12", marks=pytest.mark.scenario("S-64")),
        pytest.param(line(units="1.5"), AU1, "paid", "1.5", marks=pytest.mark.scenario("S-64")),
        pytest.param(line(units="0.0001"), AU1, "CO-16 M53", "0", marks=pytest.mark.scenario("S-64")),
    ],
)
def test_one_line_under_a_plain_authorization(billed: Any, number: str | None, expected: str, units: str) -> None:
    result = only(claim(billed, number=number))
    assert codes(result) == expected
    assert result.paid_units == Decimal(units)
    assert result.paid_units + adjusted_units(result) == billed.quantity
    assert bool(result.draws) == (units != "0" and billed.services != (cpt("99213"),))


@pytest.mark.scenario("S-16c")
def test_another_tax_number_than_the_requestors_is_denied() -> None:
    assert codes(only(claim(provider=Party(npi=B, tax_id="98-7654321")))) == "CO-296 N198"


@pytest.mark.parametrize(
    "known",
    [
        item(units="4", used="4"),
        item("97140"),
        item(action=ReviewAction.PENDED, place=Coding("", "22")),
        item(granted={"period": on("2027-01-01")}),
    ],
)
def test_an_authorization_that_cannot_pay_the_line_does_not_count_as_on_file(known: Any) -> None:
    assert codes(only(claim(number=None), authorization(known))) == "CO-197 N210"


def test_a_line_without_number_waits_for_a_pending_request() -> None:
    result = only(claim(number=None), authorization(item(action=ReviewAction.PENDED)))
    assert (codes(result), result.waits_for) == ("OA-133", authorization().id)


def test_an_undecided_line_gets_a_note_on_its_missing_facts() -> None:
    def notes(requirement: Requirement) -> tuple[str, ...]:
        known = authorization(item("97140"))
        return only(claim(number=None), known, requirement=lambda _: requirement).notes[1:]

    assert notes(Requirement(Need.REQUIRED, unknown=("place of service",))) == ("The line has no place of service.",)
    assert notes(Requirement(Need.REQUIRED, "rule", "T", "R", ("urgency",))) == ()


@pytest.mark.scenario("S-30")
def test_another_members_number_gets_the_answer_for_an_unknown_number() -> None:
    theirs = authorization(patient="patient-2", number=NEVER_ISSUED)
    billed = claim(number=NEVER_ISSUED)
    assert adjudicate(billed, facts(theirs)) == adjudicate(billed, facts())
    assert codes(only(billed, theirs)) == "CO-197 M62"


def test_another_members_authorization_is_never_on_file_for_this_one() -> None:
    theirs = authorization(patient="patient-2")
    assert codes(only(claim(number=None), theirs, on_file=(theirs,))) == "CO-197 N210"


@pytest.mark.scenario("S-12")
def test_a_line_for_a_denied_item_is_denied_beside_a_granted_item() -> None:
    known = authorization(
        item("27447", "1", sequence=1), item("20985", sequence=2, action=ReviewAction.NOT_CERTIFIED), number=AU1
    )
    billed = claim(line("27447", "1"), line("20985", "1", sequence=2))
    answer = adjudicate(billed, facts(known))
    assert answered(answer) == ["paid 1", "CO-39 N758 0"]


@pytest.mark.parametrize("number", [AU1, None])
def test_a_line_for_a_pended_item_is_denied_if_the_payer_lets_no_line_wait(number: str | None) -> None:
    known = authorization(item(action=ReviewAction.PENDED))
    result = only(claim(number=number), known, terms=BillingTerms(pending="deny"))
    assert codes(result) == "CO-197 M62"
    assert "is pending" in result.notes[0]
    assert not result.waits_for


@pytest.mark.scenario("S-65")
def test_a_bill_for_another_payer_is_denied_whole() -> None:
    answer = adjudicate(claim(line(), line("99213", sequence=2)), facts(payer_known=False, patient=None))
    assert answered(answer) == ["CO-109 N418 0"] * 2
    assert answer.number is None


@pytest.mark.scenario("S-66")
def test_a_bill_for_an_unknown_member_is_denied_whole() -> None:
    answer = adjudicate(claim(line(), line("99213", sequence=2)), facts(patient=None))
    assert answered(answer) == ["CO-31 N382 0"] * 2


@pytest.mark.scenario("S-69")
def test_a_lines_own_number_overrides_the_claims() -> None:
    known = [authorization(), authorization(item("72148", "1"), number=AU2)]
    billed = claim(line(), line("72148", "1", sequence=2, authorization_number="pa 26-0000021"))
    answer = adjudicate(billed, facts(*known))
    assert [draw.number for result in answer.lines for draw in result.draws] == [AU1, AU2]
    assert answer.number is None
    assert claimed_numbers(billed) == {AU1, AU2}
    assert claimed_numbers(claim(line(authorization_number=AU2))) == {AU2}


def test_an_unknown_number_beside_a_valid_one_is_ignored() -> None:
    assert codes(only(claim(numbers=(MALFORMED, NEVER_ISSUED, AU1)))) == "paid"
    assert codes(only(claim(numbers=(MALFORMED, NEVER_ISSUED)))) == "CO-197 M62"


def test_a_line_for_an_authorization_without_items_is_denied() -> None:
    empty = replace(authorization(), items=())
    assert codes(only(claim(), empty)) == "CO-197 M62"
