"""FHIR's dates as the calendar days that they name."""

from __future__ import annotations

from datetime import date

import pytest

from app.fhir.instants import days

IMPOSSIBLE = [
    f"2026-12-01T{time}"
    for time in (
        "99:99:99Z",
        "24:00:00Z",
        "10:60:00Z",
        "10:00:61Z",
        "10:00:00+15:00",
    )
]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-12-01", date(2026, 12, 1), date(2026, 12, 1)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-12-01T23:59:59-05:00", date(2026, 12, 1), date(2026, 12, 1)),
        ("2026-12-01T23:59:60+14:00", date(2026, 12, 1), date(2026, 12, 1)),
        ("2026-12-01T00:00:00.123Z", date(2026, 12, 1), date(2026, 12, 1)),
        (f"2026-12-01T00:00:00.{'1' * 30}Z", date(2026, 12, 1), date(2026, 12, 1)),
    ],
)
def test_a_date_names_the_days_that_are_written(text: str, first: date, last: date) -> None:
    assert days(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-13-01",
        "2026-02-30",
        "0000-01-01",
        "0000",
        "2026-12-1",
        "20261201",
        "2026-W49-2",
        "2026-00",
        "2026-03-00",
        "2026-03-00T10:00:00Z",
        "tomorrow",
        *IMPOSSIBLE,
    ],
)
def test_a_text_that_is_not_a_date_has_no_days(text: str) -> None:
    assert days(text) is None
