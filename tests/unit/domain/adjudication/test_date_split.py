"""A line that extends beyond the authorized period: the days inside are paid if the payer splits lines by days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain.adjudication.adjudicate import adjudicate
from app.domain.authorization import Authorization
from app.domain.billing import BilledLine, LineResult
from app.domain.parts.billing_terms import BillingTerms
from app.domain.parts.matching_terms import Tolerance
from tests.support.billing_samples import AU1, AU2, adjusted_units, authorization, claim, codes, facts, item, line, on

RULE = Tolerance(reference="Manual 6.1", first=date(2026, 1, 1), last=date.max)
SPLIT = BillingTerms(date_split=RULE)


def span(first: str, last: str, units: str = "4", **fields: Any) -> BilledLine:
    return line(units=units, serviced=on(first, last), **fields)


def answer(billed: BilledLine, *known: Authorization, terms: BillingTerms = SPLIT) -> LineResult:
    numbers = tuple(one.number for one in known if one.number) or (AU1,)
    return adjudicate(claim(billed, numbers=numbers), facts(*known, terms=terms)).lines[0]


@pytest.mark.scenario("S-24")
def test_the_days_inside_the_period_are_paid() -> None:
    result = answer(span("2026-03-30", "2026-04-02"))
    assert codes(result) == "CO-302 N351"
    assert result.paid_units == adjusted_units(result) == 2
    [draw] = result.draws
    assert [portion.days for portion in draw.portions] == [on("2026-03-30", "2026-03-31")]
    assert draw.remaining == 10
    assert result.notes[-1] == "The line is split by days under Manual 6.1."


@pytest.mark.parametrize(("first", "last"), [(date(2026, 4, 1), date.max), (date(2026, 1, 1), date(2026, 4, 1))])
def test_the_policy_splits_only_services_of_its_days(first: date, last: date) -> None:
    rule = Tolerance(reference="Manual 6.1", first=first, last=last)
    result = answer(span("2026-03-30", "2026-04-02"), terms=BillingTerms(date_split=rule))
    assert (codes(result), result.draws) == ("CO-302 N351", ())


@pytest.mark.scenario("S-24")
def test_without_the_policy_the_whole_line_is_denied() -> None:
    result = answer(span("2026-03-30", "2026-04-02"), terms=BillingTerms())
    assert (codes(result), result.draws) == ("CO-302 N351", ())


def test_a_line_over_both_ends_is_adjusted_for_two_reasons() -> None:
    short = authorization(item(granted={"period": on("2026-03-03", "2026-03-04")}))
    result = answer(span("2026-03-02", "2026-03-06", "5"), short)
    assert [f"{one.reason.carc} {one.units}" for one in result.adjustments] == ["284 1", "302 2"]
    assert result.paid_units == 2
    assert (result.paid_amount or 0) + (result.adjusted_amount or 0) == 100


@pytest.mark.parametrize("units", ["3", "2", "4.4"])
def test_units_that_cannot_be_split_by_days_are_denied(units: str) -> None:
    result = answer(span("2026-03-30", "2026-04-02", units))
    assert (codes(result), result.draws) == ("CO-302 N351", ())


def test_a_line_that_differs_in_its_place_too_is_denied() -> None:
    result = answer(span("2026-03-30", "2026-04-02", place=None))
    assert result.draws == ()


def test_a_line_with_all_days_outside_is_denied() -> None:
    assert answer(span("2026-04-01", "2026-04-04")).draws == ()


def test_each_day_draws_on_the_authorization_of_its_month() -> None:
    march = authorization(item(decided=date(2025, 12, 1)), number=AU1)
    april = authorization(item(granted={"period": on("2026-04-01", "2026-04-30")}), number=AU2)
    result = answer(span("2026-03-30", "2026-04-02"), march, april)
    assert codes(result) == "paid"
    assert [(draw.number, str(draw.units)) for draw in result.draws] == [(AU1, "2"), (AU2, "2")]


def test_too_few_units_for_the_days_inside_are_a_reason_beside_the_days_outside() -> None:
    result = answer(span("2026-03-30", "2026-04-02"), authorization(item(used="11")))
    assert [f"{one.reason.carc} {one.units}" for one in result.adjustments] == ["302 2", "198 1"]
    assert result.paid_units == 1
    strict = answer(
        span("2026-03-30", "2026-04-02"),
        authorization(item(used="11")),
        terms=BillingTerms(date_split=RULE, over_limit="deny-line"),
    )
    assert (codes(strict), strict.draws) == ("CO-198 N435", ())
