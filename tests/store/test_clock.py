from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.adapters.clock import SystemClock


def test_the_clock_gives_the_time_in_utc() -> None:
    before = datetime.now(UTC)

    now = SystemClock().now()

    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta()


def test_an_offset_moves_the_clock() -> None:
    before = datetime.now(UTC)

    now = SystemClock(timedelta(days=30)).now()

    assert before <= now - timedelta(days=30) <= datetime.now(UTC)
