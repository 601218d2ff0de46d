"""The calendar periods of a cap, and the days of a claim line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.domain.balances.portions import MOST_DAYS, by_days
from app.domain.datatypes import Period
from app.domain.parts.period_cap import CapPeriod, PeriodCap, WeekStart
from tests.support.billing_samples import on


def cap(per: CapPeriod, starts: WeekStart = WeekStart.MONDAY) -> PeriodCap:
    return PeriodCap(Decimal(3), per, starts)


@pytest.mark.scenario("S-29")
@pytest.mark.parametrize(
    ("per", "starts", "day", "period"),
    [
        (CapPeriod.DAY, WeekStart.MONDAY, "2026-03-04", on("2026-03-04")),
        (CapPeriod.WEEK, WeekStart.MONDAY, "2026-03-02", on("2026-03-02", "2026-03-08")),
        (CapPeriod.WEEK, WeekStart.MONDAY, "2026-03-08", on("2026-03-02", "2026-03-08")),
        (CapPeriod.WEEK, WeekStart.SUNDAY, "2026-03-08", on("2026-03-08", "2026-03-14")),
        (CapPeriod.WEEK, WeekStart.SUNDAY, "2026-03-07", on("2026-03-01", "2026-03-07")),
        (CapPeriod.MONTH, WeekStart.MONDAY, "2028-02-29", on("2028-02-01", "2028-02-29")),
        (CapPeriod.WEEK, WeekStart.MONDAY, "9999-12-31", on("9999-12-27", "9999-12-31")),
        (CapPeriod.MONTH, WeekStart.MONDAY, "9999-12-31", on("9999-12-01", "9999-12-31")),
    ],
)
def test_a_day_belongs_to_one_period(per: CapPeriod, starts: WeekStart, day: str, period: Period) -> None:
    assert cap(per, starts).period(date.fromisoformat(day)) == period


def test_a_service_touches_each_period_of_its_days() -> None:
    weeks = cap(CapPeriod.WEEK).periods(on("2026-03-08", "2026-03-16"))
    assert [str(week.start) for week in weeks] == ["2026-03-02", "2026-03-09", "2026-03-16"]
    assert list(cap(CapPeriod.DAY).periods(on("9999-12-31"))) == [on("9999-12-31")]


def test_a_service_without_an_end_is_in_the_period_of_its_first_day() -> None:
    assert list(cap(CapPeriod.DAY).periods(Period(date(2026, 3, 4)))) == [on("2026-03-04")]
    assert list(cap(CapPeriod.DAY).periods(Period())) == []


@pytest.mark.parametrize(("units", "each"), [("4", "1"), ("8", "2")])
def test_units_that_divide_evenly_are_split_by_days(units: str, each: str) -> None:
    portions = by_days(on("2026-03-30", "2026-04-02"), Decimal(units))
    assert [str(portion.days.start) for portion in portions] == ["2026-03-30", "2026-03-31", "2026-04-01", "2026-04-02"]
    assert {portion.units for portion in portions} == {Decimal(each)}


@pytest.mark.parametrize(
    ("days", "units"),
    [
        (on("2026-03-30", "2026-04-02"), "5"),
        (on("2026-03-30", "2026-04-02"), "2"),
        (on("2026-03-30", "2026-04-02"), "4.4"),
        (on("2026-03-30"), "4"),
        (on("2026-04-02", "2026-03-30"), "4"),
        (Period(date(2026, 3, 30)), "4"),
        (Period(), "4"),
        (on("2026-01-01", "2027-01-02"), str(MOST_DAYS + 1)),
    ],
)
def test_units_with_unknown_days_stay_together(days: Period, units: str) -> None:
    [portion] = by_days(days, Decimal(units))
    assert (portion.days, portion.units) == (days, Decimal(units))
