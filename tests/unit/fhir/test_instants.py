from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from app.fhir.instants import day, first_moment, instant, interval, next_moment, sortable

NEW_YORK = timezone(-timedelta(hours=5))


def span(text: str) -> tuple[str, str]:
    start, end = interval(text)
    return instant(start), instant(end)


def test_an_instant_is_utc_to_the_millisecond() -> None:
    assert instant(datetime(2026, 3, 1, 22, 0, 0, 123456, tzinfo=NEW_YORK)) == "2026-03-02T03:00:00.123Z"


@pytest.mark.parametrize(
    ("later", "expected"),
    [(-60_000_000, 1000), (0, 1000), (1, 1000), (1000, 1000), (1001, 1001), (60_000_000, 60_000_000)],
)
def test_a_change_is_now_but_at_least_a_millisecond_after_the_one_before(later: int, expected: int) -> None:
    before = datetime(2026, 3, 1, tzinfo=UTC)
    assert next_moment(before + timedelta(microseconds=later), before) == before + timedelta(microseconds=expected)


def test_the_order_of_sortable_texts_is_the_order_of_moments() -> None:
    base = datetime(2026, 3, 1, tzinfo=UTC)
    moments = [
        base,
        base + timedelta(microseconds=1),
        base + timedelta(seconds=1),
        base.astimezone(NEW_YORK),
        datetime(33, 1, 1, tzinfo=UTC),
    ]
    assert sorted(map(sortable, moments)) == [sortable(moment) for moment in sorted(moments)]
    assert len({len(sortable(moment)) for moment in moments}) == 1


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", "2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"),
        ("2026-03", "2026-03-01T00:00:00.000Z", "2026-04-01T00:00:00.000Z"),
        ("2026-12", "2026-12-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"),
        ("2024-02-29", "2024-02-29T00:00:00.000Z", "2024-03-01T00:00:00.000Z"),
        ("2026-03-01T10:30", "2026-03-01T10:30:00.000Z", "2026-03-01T10:31:00.000Z"),
        ("2026-03-01T10:30:15Z", "2026-03-01T10:30:15.000Z", "2026-03-01T10:30:16.000Z"),
        ("2026-03-01T10:30:15.25-05:00", "2026-03-01T15:30:15.250Z", "2026-03-01T15:30:15.260Z"),
        ("2026-03-01T10:30:15+05:30", "2026-03-01T05:00:15.000Z", "2026-03-01T05:00:16.000Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z", "2017-01-01T00:00:01.000Z"),
    ],
)
def test_a_date_stands_for_the_span_of_its_precision(text: str, start: str, end: str) -> None:
    assert span(text) == (start, end)
    assert first_moment(text) == sortable(datetime.fromisoformat(start))


@pytest.mark.parametrize("text", ["9999", "9999-12", "9999-12-31", "9999-12-31T23:59:59Z"])
def test_time_ends_with_the_year_9999(text: str) -> None:
    start, end = interval(text)
    assert start < end == datetime.max.replace(tzinfo=UTC)


def test_more_digits_than_microseconds_are_one_microsecond() -> None:
    start, end = interval("2026-03-01T10:30:15.123456789Z")
    assert (start.microsecond, end - start) == (123456, timedelta(microseconds=1))


NO_DATES = (
    "",
    "26",
    "0000",
    "2026-13",
    "2026-02-30",
    "2026-3-1",
    "2026\n",
    "\u0662\u0660\u0662\u0666",
    "2026-03-01Z",
    "2026-03-01T10",
    "2026-03-01T10:60",
    "2026-03-01T24:00:00Z",
    "2026-03-01 10:00:00Z",
    "2026-03-01T10:00:00+15:00",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:60Z",
)


@pytest.mark.parametrize("text", NO_DATES)
def test_a_text_that_is_not_a_date_is_rejected_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD") as refused:
        interval(text)
    assert not text or text not in str(refused.value)
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        first_moment(text)


def test_a_day_is_the_calendar_day_as_written() -> None:
    assert day("2026-03-01") == date(2026, 3, 1)
    assert day("2026-03-01T23:30:00-05:00") == date(2026, 3, 1)


@pytest.mark.parametrize("text", ["2026-03", "2026", "", "2026-02-30", "tomorrow"])
def test_a_month_a_year_and_other_texts_are_not_days(text: str) -> None:
    assert day(text) is None
