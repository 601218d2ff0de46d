"""Whether a member is covered on a day of service, and under which plans."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.covered import CoverageTerms, Covered, NotCovered
from app.domain.datatypes import Period

DAY = date(2026, 12, 1)
LAST_YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
THIS_YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
NEXT_YEAR = Period(date(2027, 1, 1), None)
OPEN = CoverageTerms()


def terms(period: Period, status: str = "active") -> CoverageTerms:
    return CoverageTerms(status=status, period=period)


@pytest.mark.parametrize(
    ("covered", "why"),
    [
        (Covered(coverages=(OPEN,)), None),
        (Covered(coverages=(terms(THIS_YEAR),)), None),
        (Covered(coverages=(terms(Period(DAY, DAY)),)), None),
        (Covered(coverages=(terms(LAST_YEAR), terms(THIS_YEAR), terms(NEXT_YEAR))), None),
        (Covered(coverages=(OPEN,), deceased=DAY), None),
        (Covered(), NotCovered.NO_COVERAGE),
        (Covered(coverages=(terms(LAST_YEAR),)), NotCovered.ENDED),
        (Covered(coverages=(terms(NEXT_YEAR),)), NotCovered.NOT_YET),
        (Covered(coverages=(terms(NEXT_YEAR), terms(LAST_YEAR))), NotCovered.LAPSED),
        (Covered(coverages=(terms(THIS_YEAR, "cancelled"),)), NotCovered.NO_COVERAGE),
        (Covered(coverages=(terms(THIS_YEAR, "draft"),)), NotCovered.NO_COVERAGE),
        (Covered(coverages=(terms(THIS_YEAR, "entered-in-error"), terms(LAST_YEAR))), NotCovered.ENDED),
        (Covered(coverages=(OPEN,), active=False), NotCovered.INACTIVE),
        (Covered(coverages=(OPEN,), deceased=date(2026, 11, 30)), NotCovered.DECEASED),
    ],
)
def test_a_member_is_covered_if_an_active_coverage_includes_the_day(covered: Covered, why: NotCovered | None) -> None:
    assert covered.why_not_covered(DAY) is why


def test_the_coverage_with_the_lowest_order_counts_on_a_day() -> None:
    second = CoverageTerms("second", plans=("GOLD",), order=2)
    first = CoverageTerms("first", plans=("BASIC",), order=1)
    ended = CoverageTerms("ended", period=LAST_YEAR, plans=("OLD",), order=1)
    unordered = CoverageTerms("unordered", plans=("NONE",))
    covered = Covered(coverages=(unordered, ended, second, first))
    assert covered.on(DAY).plans == ("BASIC",)


def test_a_member_without_coverage_on_a_day_has_no_plan_on_it() -> None:
    covered = Covered(coverages=(CoverageTerms(period=LAST_YEAR, plans=("OLD",), order=1),))
    assert covered.on(DAY).plans == ()


@pytest.mark.parametrize(
    ("periods", "last"),
    [
        ([Period()], None),
        ([THIS_YEAR], THIS_YEAR.end),
        ([THIS_YEAR, NEXT_YEAR], None),
        ([NEXT_YEAR, THIS_YEAR], None),
        ([THIS_YEAR, Period(date(2027, 1, 2), None)], THIS_YEAR.end),
        ([THIS_YEAR, Period(DAY, date(2027, 3, 31))], date(2027, 3, 31)),
        ([Period(DAY, date.max)], None),
        ([LAST_YEAR], None),
        ([], None),
    ],
)
def test_coverage_lasts_until_a_day_without_one(periods: list[Period], last: date | None) -> None:
    assert Covered(coverages=tuple(map(terms, periods))).covered_until(DAY) == last


@pytest.mark.parametrize(
    ("periods", "last", "why"),
    [
        ([THIS_YEAR], THIS_YEAR.end, None),
        ([THIS_YEAR], date(2027, 1, 1), NotCovered.ENDED),
        ([THIS_YEAR, NEXT_YEAR], date(2027, 1, 1), None),
        ([THIS_YEAR, Period(date(2027, 2, 1), None)], date(2027, 1, 1), NotCovered.LAPSED),
        ([Period()], date.max, None),
        ([NEXT_YEAR], date(2027, 1, 1), NotCovered.NOT_YET),
    ],
)
def test_a_period_is_covered_if_all_of_its_days_are(
    periods: list[Period], last: date | None, why: NotCovered | None
) -> None:
    assert Covered(coverages=tuple(map(terms, periods))).why_not_covered(DAY, last) is why


def test_a_death_during_the_period_ends_coverage() -> None:
    covered = Covered(coverages=(OPEN,), deceased=date(2026, 12, 5))
    assert covered.why_not_covered(DAY, date(2026, 12, 5)) is None
    assert covered.why_not_covered(DAY, date(2026, 12, 6)) is NotCovered.DECEASED
