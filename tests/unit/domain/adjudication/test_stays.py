"""A stay pays one day for each date, whoever bills it again."""

from __future__ import annotations

from typing import Any

import pytest

from app.codes import REVENUE
from app.domain.adjudication.adjudicate import adjudicate
from app.domain.balances.days import days_of
from app.domain.billing import BilledLine, LineResult
from app.domain.datatypes import Coding, Period
from app.domain.ledger import LedgerEntry, release_of
from app.domain.units import Unit
from tests.support.billing_samples import AU1, authorization, claim, codes, entries, facts, item, line, on

ROOM = Coding(REVENUE, "0120")
DAYS = Unit(code="DA")
STAY = authorization(item(units="5", services=(), revenue=ROOM, unit=DAYS))


def room(first: str, last: str, units: str, **fields: Any) -> BilledLine:
    return line(units=units, serviced=on(first, last), services=(), revenue=ROOM, unit=DAYS, **fields)


def answers(*lines: BilledLine, ledger: tuple[LedgerEntry, ...] = ()) -> tuple[LineResult, ...]:
    return adjudicate(
        claim(*lines, claim_type=Coding("", "institutional")), facts(STAY, entries={f"id-of-{AU1}": ledger})
    ).lines


def earlier() -> tuple[LedgerEntry, ...]:
    [first] = answers(room("2026-02-10", "2026-02-11", "2"))
    return tuple(entries(first))


@pytest.mark.scenario("S-45c")
def test_a_day_of_an_earlier_bill_is_a_duplicate() -> None:
    [result] = answers(room("2026-02-11", "2026-02-12", "2"), ledger=earlier())
    assert [f"{one.reason.carc} {one.units}" for one in result.adjustments] == ["18 1"]
    assert (codes(result), result.remarks) == ("OA-18", ())
    [draw] = result.draws
    assert [portion.days for portion in draw.portions] == [on("2026-02-12")]


def test_a_day_of_an_earlier_line_is_a_duplicate() -> None:
    first, second = answers(
        room("2026-02-10", "2026-02-12", "3", sequence=1), room("2026-02-12", "2026-02-13", "2", sequence=2)
    )
    assert codes(first) == "paid"
    assert second.paid_units == 1


@pytest.mark.parametrize(("first", "last", "units"), [("10", "11", "2"), ("10", "12", "2"), ("09", "11", "3")])
def test_the_days_of_a_line_are_counted_from_its_first_day_on(first: str, last: str, units: str) -> None:
    """A line may give the day of discharge, which is not billed."""
    [result] = answers(room(f"2026-02-{first}", f"2026-02-{last}", units))
    [again] = answers(room("2026-02-11", "2026-02-11", "1"), ledger=tuple(entries(result)))
    assert (codes(result), codes(again)) == ("paid", "OA-18")


@pytest.mark.parametrize(("last", "paid"), [("11", 1), ("12", 1), ("13", 2)])
def test_a_line_with_more_units_than_days_pays_no_day_twice(last: str, paid: int) -> None:
    units = {"11": "2", "12": "2", "13": "3"}[last]
    [before] = answers(room("2026-02-10", "2026-02-10", "1"))
    [result] = answers(room("2026-02-10", f"2026-02-{last}", units), ledger=tuple(entries(before)))
    assert result.paid_units == paid


def test_all_days_of_a_duplicate_are_denied() -> None:
    [result] = answers(room("2026-02-11", "2026-02-11", "1"), ledger=earlier())
    assert (codes(result), result.draws) == ("OA-18", ())


def test_a_day_that_was_released_is_paid_again() -> None:
    drawn = earlier()
    [result] = answers(
        room("2026-02-10", "2026-02-11", "2"), ledger=(*drawn, *release_of(drawn, drawn[0].created, "biller"))
    )
    assert codes(result) == "paid"


def test_the_day_of_discharge_is_not_counted() -> None:
    assert [str(day) for day in days_of(on("2026-02-10", "2026-02-13"), DAYS_BILLED)] == DATES
    assert list(days_of(Period(), DAYS_BILLED)) == []


DAYS_BILLED = line(units="3").quantity
DATES = ["2026-02-10", "2026-02-11", "2026-02-12"]


def test_the_day_of_discharge_needs_no_authorization() -> None:
    [result] = answers(room("2026-03-29", "2026-04-01", "3"))
    assert codes(result) == "paid"
    [draw] = result.draws
    assert [portion.days for portion in draw.portions] == [on("2026-03-29", "2026-03-31")]


def test_a_stay_with_no_limit_pays_no_more_days_than_dates() -> None:
    open_stay = authorization(item(units=None, services=(), revenue=ROOM, unit=DAYS))
    sent = claim(room("2026-02-10", "2026-02-11", "3"), claim_type=Coding("", "institutional"))
    [result] = adjudicate(sent, facts(open_stay)).lines
    assert (codes(result), result.draws) == ("CO-16 N345", ())
