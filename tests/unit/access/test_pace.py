"""The pace of a caller: a burst at once, then a steady rate, whatever the clock does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.pace import MOST_CALLERS, Meter, Pace

PACE = Pace(per_second=2, burst=4)
NOW = 1_800_000_000.0


def taken(meter: Meter, now: float, times: int = 20) -> int:
    """Return how many of some requests at one moment are allowed."""
    return sum(meter.take("a", now) == 0 for _ in range(times))


def test_a_burst_is_allowed_at_once_and_the_next_request_names_its_wait() -> None:
    meter = Meter(PACE)
    assert taken(meter, NOW) == 4
    assert meter.take("a", NOW) == pytest.approx(0.5)
    assert meter.take("b", NOW) == 0


def test_requests_come_back_at_the_steady_pace() -> None:
    meter = Meter(PACE)
    assert [taken(meter, NOW + second) for second in (0, 1, 2, 2.5, 100)] == [4, 2, 2, 1, 4]


def test_a_refused_request_does_not_count() -> None:
    meter = Meter(PACE)
    taken(meter, NOW, 1_000)
    assert meter.take("a", NOW + 0.5) == 0


@given(st.floats(0, 1e6))
def test_a_clock_that_goes_back_locks_no_caller_out_for_longer_than_a_burst(back: float) -> None:
    meter = Meter(PACE)
    taken(meter, NOW)
    assert meter.take("a", NOW - back) <= PACE.interval + 0.001
    assert meter.take("a", NOW - back + PACE.span) == 0


def test_a_restart_remembers_callers_that_used_their_burst() -> None:
    before, after = Meter(PACE), Meter(PACE)
    taken(before, NOW)
    before.take("b", NOW)
    kept = before.kept(NOW)
    assert set(kept) == {"a"}
    after.restore(kept, NOW)
    assert taken(after, NOW) == 0
    assert after.take("b", NOW) == 0


def test_a_state_from_the_future_is_cut_to_a_burst() -> None:
    meter = Meter(PACE)
    meter.restore({"a": NOW * 2}, NOW)
    assert meter.take("a", NOW) == pytest.approx(PACE.interval)


def test_many_callers_do_not_fill_the_memory_and_the_busiest_stay_limited() -> None:
    meter = Meter(PACE)
    taken(meter, NOW)
    for number in range(3 * MOST_CALLERS):
        meter.take(f"address {number}", NOW)
    assert len(meter._whole) <= MOST_CALLERS
    assert taken(meter, NOW) == 0
