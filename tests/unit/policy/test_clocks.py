from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.span import Span, parse_time
from app.policy.clocks import parse_clocks
from app.policy.due import due, due_of
from app.policy.yaml.text import YamlRefused
from tests.policies.builders import DAY, TABLES, policy_of, request_of, reviewed, rule

CLOCKS = TABLES.clocks
RECEIVED = datetime(2026, 3, 6, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize("urgency", [None, "E", "normal", "deferred"])
def test_a_standard_request_is_due_seven_calendar_days_after_its_receipt(urgency: str | None) -> None:
    assert due(urgency, RECEIVED, CLOCKS) == datetime(2026, 3, 13, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize("urgency", ["U", "03", "stat"])
def test_an_expedited_request_is_due_after_seventy_two_hours_also_over_a_weekend(urgency: str) -> None:
    assert due(urgency, RECEIVED, CLOCKS) == datetime(2026, 3, 9, 22, 30, tzinfo=UTC)


def test_daylight_saving_time_does_not_move_a_due_time() -> None:
    received = datetime(2026, 3, 6, 12, 0, tzinfo=ZoneInfo("America/New_York"))
    assert due("U", received, CLOCKS) - received.astimezone(UTC) == timedelta(hours=72)


def test_every_clock_names_its_source() -> None:
    assert all("CFR" in clock.source for clock in (CLOCKS.standard, CLOCKS.expedited))


def test_a_clock_that_cannot_be_read_is_refused_with_its_line() -> None:
    text = 'standard: {within: a week, source: "42 CFR"}\nexpedited:\n  within: PT0H\n  source: X\n'
    with pytest.raises(YamlRefused) as refused:
        parse_clocks(text, "clocks.yaml")
    assert refused.value.problems == (
        "clocks.yaml:1: `within` must be a time such as PT72H or P7D.",
        "clocks.yaml:3: `within` must be a time such as PT72H or P7D.",
    )


@pytest.mark.parametrize(
    ("within", "urgency", "hours"), [("PT24H", None, 24), ("P10D", None, 168), ("P5D", "U", 72), ("PT24H", "U", 24)]
)
def test_a_rule_may_shorten_the_clock_and_never_lengthen_it(within: str, urgency: str | None, hours: int) -> None:
    policy = policy_of(rule(f"{{action: pend, reason: level-of-care, within: {within}}}"))
    decisions = reviewed(request_of(), policy, DAY)
    assert due_of(decisions, policy, urgency, RECEIVED) == RECEIVED + timedelta(hours=hours)


def test_a_decided_item_is_not_due() -> None:
    policy = policy_of(rule("{action: pend, reason: level-of-care}", "[{test: quantity-over, limit: 99}]"))
    assert due_of(reviewed(request_of(), policy, DAY), policy, None, RECEIVED) is None


def test_a_pended_item_without_a_time_of_its_own_keeps_the_clock() -> None:
    policy = policy_of(rule("{action: pend, reason: level-of-care}"))
    assert due_of(reviewed(request_of(), policy, DAY), policy, None, RECEIVED) == due(None, RECEIVED, CLOCKS)
    early = reviewed(request_of(), policy, date(2025, 1, 1))
    assert due_of(early, policy, None, RECEIVED) == due(None, RECEIVED, CLOCKS)


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
