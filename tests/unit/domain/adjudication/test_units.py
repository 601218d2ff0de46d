"""The units and amounts that a claim gets, and the authorization that it draws on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.domain.adjudication.adjudicate import adjudicate
from app.domain.decision import ReviewAction
from app.domain.ledger import available, post
from app.domain.parts.billing_terms import BillingTerms, OverLimit
from tests.support.billing_samples import (
    AU1,
    AU2,
    adjusted_units,
    answered,
    authorization,
    claim,
    codes,
    entry,
    facts,
    item,
    line,
    only,
)


@pytest.mark.scenario("S-26")
def test_a_line_with_too_many_units_is_paid_up_to_the_units_left() -> None:
    result = only(claim(), authorization(item(used="10")))
    assert codes(result) == "CO-198 N435"
    assert result.paid_units == adjusted_units(result) == 2
    assert result.remarks == ("N45",)
    assert result.paid_amount == result.adjusted_amount == Decimal("50.00")
    assert result.draws[0].remaining == 0
    assert "Units: claimed 4, paid 2." in result.notes
    assert any(note.endswith(" Units left: 0.") for note in result.notes)


@pytest.mark.scenario("S-27")
def test_a_line_with_too_many_units_is_denied_if_the_payer_does_not_split_lines() -> None:
    result = only(claim(line(units="2")), authorization(item(used="11")), terms=BillingTerms(over_limit="deny-line"))
    assert codes(result) == "CO-198 N435"
    assert result.draws == ()
    assert not result.paid
    assert "Units: claimed 2, authorized 1 more." in result.notes
    assert (
        only(
            claim(line(units="1")), authorization(item(used="11")), terms=BillingTerms(over_limit="deny-line")
        ).paid_units
        == 1
    )


@pytest.mark.scenario("S-28")
@pytest.mark.parametrize("over_limit", ["pay-up-to", "deny-line"])
def test_a_line_is_denied_as_used_up_if_earlier_claims_drew_all_units(over_limit: OverLimit) -> None:
    result = only(claim(line(units="1")), authorization(item(used="12")), terms=BillingTerms(over_limit=over_limit))
    assert (codes(result), result.draws) == ("CO-198 N702", ())


@pytest.mark.scenario("S-62")
def test_a_modified_approval_pays_the_granted_units() -> None:
    known = authorization(item("J1745", "120", action=ReviewAction.MODIFIED, quantity=Decimal(200)))
    assert answered(adjudicate(claim(line("J1745", "200")), facts(known))) == ["CO-198 N435 120"]


def test_lines_of_one_claim_see_each_others_draws() -> None:
    lines = [line(units="5", sequence=number) for number in (1, 2, 3, 4)]
    answer = adjudicate(claim(*lines), facts())
    assert answered(answer) == ["paid 5", "paid 5", "CO-198 N435 2", "CO-198 N435 0"]
    taken = [draw for result in answer.lines for draw in result.draws]
    assert available(post(authorization(), map(entry, taken)).items[0]) == 0


def test_of_several_authorizations_the_oldest_is_drawn_first() -> None:
    newer = authorization(item(decided=date(2026, 1, 2)), number=AU1)
    older = authorization(item(decided=date(2026, 1, 1)), number=AU2)
    result = only(claim(numbers=(AU1, AU2)), newer, older)
    assert result.draws[0].number == AU2


@pytest.mark.scenario("S-46")
def test_a_line_draws_on_the_next_authorization_when_the_oldest_is_used_up() -> None:
    older = authorization(item(units="8", decided=date(2026, 1, 1)), number=AU1)
    newer = authorization(item(units="6", decided=date(2026, 1, 2)), number=AU2)
    result = only(claim(line(units="10"), numbers=(AU2, AU1)), older, newer)
    assert codes(result) == "paid"
    assert [draw.number for draw in result.draws] == [AU1, AU2]
    assert [draw.units for draw in result.draws] == [8, 2]
    assert [draw.remaining for draw in result.draws] == [0, 4]
    assert result.notes[-1] == "Units left in all authorizations of this line: 4."


def test_a_line_is_cut_only_where_no_authorization_has_units_left() -> None:
    older = authorization(item(units="3", decided=date(2026, 1, 1)), number=AU1)
    newer = authorization(item(units="3", decided=date(2026, 1, 2)), number=AU2)
    result = only(claim(line(units="7"), numbers=(AU1, AU2)), older, newer)
    assert codes(result) == "CO-198 N435"
    assert result.paid_units == 6
    assert adjusted_units(result) == 1
    assert [draw.units for draw in result.draws] == [3, 3]


def test_a_denied_line_names_the_units_left_in_all_authorizations() -> None:
    older = authorization(item(units="3", decided=date(2026, 1, 1)), number=AU1)
    newer = authorization(item(units="6", decided=date(2026, 1, 2)), number=AU2)
    terms = BillingTerms(over_limit="deny-line")
    result = only(claim(line(units="10"), numbers=(AU1, AU2)), older, newer, terms=terms)
    assert result.draws == ()
    assert "Units: claimed 10, authorized 9 more." in result.notes


def test_a_line_draws_on_two_items_of_one_authorization() -> None:
    both = authorization(item(units="3"), item(units="5", sequence=2))
    result = only(claim(line(units="4")), both)
    assert [draw.item for draw in result.draws] == ["1", "2"]
    assert [draw.units for draw in result.draws] == [3, 1]
    assert [each.consumed for each in post(both, map(entry, result.draws)).items] == [3, 1]


def test_an_exhausted_item_of_the_right_service_is_reported_as_units() -> None:
    known = authorization(item("97140", sequence=1), item("97110", "4", used="4", sequence=2))
    assert codes(only(claim(), known)) == "CO-198 N702"


def test_a_grant_without_a_limit_pays_any_quantity() -> None:
    result = only(claim(line(units="1e9")), authorization(item(units=None, used="1e9")))
    assert codes(result) == "paid"
    assert result.paid_units == 10**9
    assert result.draws[0].remaining is None
    assert "no limit" in result.notes[0]


def test_a_bill_without_charges_is_answered_in_units() -> None:
    result = only(claim(line(charge=None)), authorization(item(used="10")))
    assert result.paid_units == 2
    assert (result.paid_amount, result.adjusted_amount) == (None, None)
    denied = only(claim(line("97140", charge=None)))
    assert (denied.paid_amount, denied.adjusted_amount) == (None, None)


@pytest.mark.parametrize(
    ("charge", "paid", "adjusted"),
    [
        ("100.00", "66.67", "33.33"),
        ("0.01", "0.01", "0.00"),
        ("0.00", "0.00", "0.00"),
        ("10.005", "6.67", "3.335"),
        ("0.008", "0.008", "0.000"),
        ("0.000000000000000000000000000000000000000003", "0.00", "3E-42"),
    ],
)
def test_money_is_shared_to_the_cent_and_adds_up(charge: str, paid: str, adjusted: str) -> None:
    result = only(claim(line(units="3", charge=Decimal(charge))), authorization(item(used="10")))
    assert (result.paid_amount, result.adjusted_amount) == (Decimal(paid), Decimal(adjusted))
    assert 0 <= Decimal(paid) <= Decimal(charge)


def test_an_enormous_charge_is_shared_without_an_error() -> None:
    result = only(claim(line(units="3", charge=Decimal("1E+300"))), authorization(item(used="10")))
    assert result.paid_amount is not None
    assert result.adjusted_amount is not None
    assert 0 <= result.paid_amount <= Decimal("1E+300")
