"""Lengths of time: calendar days and months for a grant, days or hours for a time limit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.span import Span, parse_time


@given(start=st.dates(max_value=date(9000, 1, 1)), days=st.integers(1, 9999))
def test_a_span_of_days_is_that_many_days_long_with_both_ends(start: date, days: int) -> None:
    assert (Span.parse(f"P{days}D").end(start) - start).days + 1 == days


@given(start=st.dates(max_value=date(9000, 1, 1)), months=st.integers(1, 240))
def test_the_day_after_a_span_of_months_is_the_same_day_of_the_month_or_the_first(start: date, months: int) -> None:
    after = Span.parse(f"P{months}M").end(start) + timedelta(days=1)
    assert after.day in {start.day, 1}
    first = after if after.day == start.day else after - timedelta(days=1)
    assert (first.year - start.year) * 12 + first.month - start.month == months


@given(start=st.dates(), years=st.integers(1, 99))
def test_a_span_never_leaves_the_calendar_and_never_ends_before_it_begins(start: date, years: int) -> None:
    assert start <= Span.parse(f"P{years}Y999M999W9999D").end(start) <= date.max
    assert Span.parse(f"P{years}Y").end(date(9999, 12, 1)) == date.max
    assert start <= Span.parse("P9999D").end(start) <= date.max


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("P1M", date(2026, 1, 31), date(2026, 2, 28)),
        ("P1Y", date(2028, 2, 29), date(2029, 2, 28)),
        ("P6M", date(2026, 3, 2), date(2026, 9, 1)),
        ("P12W", date(2026, 1, 1), date(2026, 3, 25)),
        ("P1M10D", date(2026, 1, 1), date(2026, 2, 10)),
    ],
)
def test_months_and_weeks_follow_the_calendar(text: str, start: date, end: date) -> None:
    assert Span.parse(text).end(start) == end


@pytest.mark.parametrize("text", ["P", "P0D", "60D", "PT5H", "P1.5D", "-P1D", "P99999D", "60 days", 60, None])
def test_a_text_other_than_a_period_is_rejected(text: object) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        Span.parse(text)


@pytest.mark.parametrize("text", ["P", "PT", "PT0H", "P1W", "PT30M", 72])
def test_a_text_other_than_a_time_limit_is_rejected(text: object) -> None:
    with pytest.raises(ValueError, match="PT72H"):
        parse_time(text)
