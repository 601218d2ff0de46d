"""A cap limits the units of each day, week or month, although more are left in all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.domain.adjudication.adjudicate import adjudicate
from app.domain.authorization import AuthorizedItem
from app.domain.billing import BilledLine, LineResult
from app.domain.ledger import LedgerEntry
from app.domain.parts.billing_terms import BillingTerms
from app.domain.parts.period_cap import CapPeriod, PeriodCap
from tests.support.billing_samples import (
    AU1,
    AU2,
    answered,
    authorization,
    claim,
    codes,
    entries,
    facts,
    item,
    line,
    on,
)

WEEKLY = PeriodCap(Decimal(3), CapPeriod.WEEK)
MONDAY, THURSDAY, SUNDAY, NEXT_MONDAY = "2026-01-12", "2026-01-15", "2026-01-18", "2026-01-19"


def capped(units: str | None = "20", cap: PeriodCap = WEEKLY, **fields: Any) -> AuthorizedItem:
    return item(units=units, granted={"cap": cap}, **fields)


def answers(*lines: BilledLine, ledger: list[LedgerEntry] | None = None, **terms: Any) -> list[str]:
    known = facts(authorization(capped()), entries={f"id-of-{AU1}": ledger or []}, terms=BillingTerms(**terms))
    return answered(adjudicate(claim(*lines), known))


def visit(day: str, units: str = "1", sequence: int = 1, last: str | None = None) -> BilledLine:
    return line(units=units, day=day, sequence=sequence, serviced=on(day, last))


def result_of(billed: BilledLine, ledger: list[LedgerEntry]) -> LineResult:
    known = facts(authorization(capped()), entries={f"id-of-{AU1}": ledger})
    return adjudicate(claim(billed), known).lines[0]


@pytest.mark.scenario("S-29")
def test_of_four_visits_in_a_week_three_are_paid() -> None:
    days = [MONDAY, "2026-01-13", THURSDAY, SUNDAY, NEXT_MONDAY]
    visits = [visit(day, sequence=place) for place, day in enumerate(days, start=1)]
    assert answers(*visits) == ["paid 1", "paid 1", "paid 1", "CO-198 N435 0", "paid 1"]


@pytest.mark.scenario("S-29")
def test_one_line_for_four_days_of_a_week_is_paid_up_to_the_cap() -> None:
    assert answers(visit(MONDAY, "4", last=THURSDAY)) == ["CO-198 N435 3"]
    assert answers(visit(MONDAY, "4", last=THURSDAY), over_limit="deny-line") == ["CO-198 N435 0"]


def test_a_line_over_two_weeks_is_paid_by_the_week_of_each_day() -> None:
    assert answers(visit("2026-01-16", "6", last="2026-01-21")) == ["paid 6"]
    assert answers(visit("2026-01-15", "6", last="2026-01-20")) == ["CO-198 N435 5"]


def test_units_that_cannot_be_split_by_days_count_in_each_week() -> None:
    assert answers(visit("2026-01-16", "4", last="2026-01-21")) == ["CO-198 N435 3"]


def test_earlier_claims_of_the_week_count() -> None:
    [first] = adjudicate(claim(visit(MONDAY, "2")), facts(authorization(capped()))).lines
    ledger = entries(first)
    assert answers(visit(THURSDAY, "2"), ledger=ledger) == ["CO-198 N435 1"]
    assert answers(visit(NEXT_MONDAY, "2"), ledger=ledger) == ["paid 2"]


def test_the_paid_days_of_each_week_are_in_the_ledger() -> None:
    result = result_of(visit("2026-01-15", "6", last="2026-01-20"), [])
    [draw] = result.draws
    days = [(str(portion.days.start), str(portion.days.end)) for portion in draw.portions]
    assert days == [("2026-01-15", "2026-01-17"), ("2026-01-19", "2026-01-20")]
    assert [portion.units for portion in draw.portions] == [3, 2]
    again = result_of(visit("2026-01-21", "2"), entries(result))
    assert codes(again) == "CO-198 N435"
    assert again.paid_units == 1


def test_a_cap_of_a_month_and_of_a_day() -> None:
    monthly = authorization(capped(cap=PeriodCap(Decimal(5), CapPeriod.MONTH)))
    lines = [visit(day, "3", place) for place, day in enumerate(["2026-01-02", "2026-01-31", "2026-02-01"], start=1)]
    assert answered(adjudicate(claim(*lines), facts(monthly))) == ["paid 3", "CO-198 N435 2", "paid 3"]
    daily = authorization(capped(cap=PeriodCap(Decimal(2), CapPeriod.DAY)))
    assert answered(adjudicate(claim(visit(MONDAY, "3")), facts(daily))) == ["CO-198 N435 2"]


def test_a_cap_counts_where_the_units_are_open() -> None:
    known = facts(authorization(capped(units=None)))
    assert answered(adjudicate(claim(visit(MONDAY, "9")), known)) == ["CO-198 N435 3"]


def test_the_units_over_a_cap_are_drawn_on_the_next_authorization() -> None:
    older = authorization(capped(decided=date(2025, 12, 1)), number=AU1)
    newer = authorization(item(units="5"), number=AU2)
    [result] = adjudicate(claim(visit(MONDAY, "4", last=THURSDAY), numbers=(AU1, AU2)), facts(older, newer)).lines
    assert codes(result) == "paid"
    assert [draw.units for draw in result.draws] == [3, 1]
    assert [str(draw.portions[0].days.start) for draw in result.draws] == [MONDAY, THURSDAY]
