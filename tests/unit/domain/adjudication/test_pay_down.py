"""Observation under an inpatient authorization, paid at a rate of its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.codes import HCPCS, REVENUE, TYPE_OF_BILL
from app.domain.adjustment_key import NextAction
from app.domain.billing import Advice, BilledLine, LineResult, Link
from app.domain.datatypes import Coding
from app.domain.decision import ReviewAction
from app.domain.parts.billing_terms import BillingTerms
from app.domain.parts.matching_terms import MatchingTerms, ObservationRate
from app.domain.request import Party
from app.domain.units import Unit
from tests.support.billing_samples import AU1, A, B, authorization, claim, codes, cpt, item, line, only

FACILITY = Coding("", "institutional")
RATE = ObservationRate(reference="Manual 8", first=date(2026, 1, 1), last=date(2026, 12, 31), rate=Decimal("2.50"))
PLACE = Coding(TYPE_OF_BILL, "0111")
STAY: dict[str, Any] = {"services": (), "revenue": Coding(REVENUE, "0120"), "unit": Unit(code="DA"), "place": PLACE}


def hours(units: str = "20", **fields: Any) -> BilledLine:
    service = {"services": (Coding(HCPCS, "G0378"),), "revenue": Coding(REVENUE, "0762"), "unit": Unit(code="HR")}
    return line(units=units, **{**service, "place": None, **fields})


def answer(billed: BilledLine, rate: ObservationRate | None = RATE, **stay: Any) -> LineResult:
    known = authorization(item(units="3", **{**STAY, **stay}), claim_type=FACILITY)
    terms = BillingTerms(matching=MatchingTerms(tolerances=() if rate is None else (rate,)))
    return only(claim(billed, claim_type=FACILITY, type_of_bill="0131"), known, terms=terms)


@pytest.mark.scenario("S-19b")
def test_observation_is_paid_at_its_rate_and_draws_no_day() -> None:
    result = answer(hours())
    assert (codes(result), result.draws, result.paid_units) == ("CO-186 N610", (), Decimal(20))
    assert (result.paid_amount, result.adjusted_amount) == (Decimal("50.00"), Decimal("50.00"))
    assert result.linked == Link(f"id-of-{AU1}", AU1, "1")
    assert result.advice == Advice(NextAction.APPEAL, units_left=Decimal(3))
    assert "Level of care: claimed observation, authorized inpatient. Accepted under Manual 8." in result.notes


def test_a_charge_below_the_rate_is_paid_in_full() -> None:
    result = answer(hours(charge=Decimal("10.00")))
    assert (codes(result), result.paid_amount, result.advice) == ("paid", Decimal("10.00"), None)


def test_a_line_without_a_charge_has_no_amounts() -> None:
    result = answer(hours(charge=None))
    assert (codes(result), result.paid_units, result.paid_amount) == ("paid", Decimal(20), None)


@pytest.mark.scenario("S-19")
@pytest.mark.parametrize(
    ("billed", "rate", "stay"),
    [
        (hours(), None, {}),
        (hours(day="2027-01-15"), RATE, {}),
        (hours("25"), RATE, {}),
        (hours(providers=(B,)), RATE, {}),
        (hours(services=(Coding(HCPCS, "G0378"), cpt("27447"))), RATE, {}),
        (hours(), RATE, {"action": ReviewAction.NOT_CERTIFIED}),
        (hours(), RATE, {"services": (cpt("27447"),), "revenue": None}),
    ],
)
def test_any_other_line_is_denied(billed: BilledLine, rate: ObservationRate | None, stay: dict[str, Any]) -> None:
    result = answer(billed, rate, **stay)
    assert (result.paid_units, result.draws) == (Decimal(0), ())


def test_another_biller_is_denied() -> None:
    known = authorization(item(units="3", **STAY), claim_type=FACILITY)
    terms = BillingTerms(matching=MatchingTerms(tolerances=(RATE,)))
    other = claim(hours(), claim_type=FACILITY, type_of_bill="0131", provider=Party(npi=A, tax_id="98-7654321"))
    assert not only(other, known, terms=terms).paid
