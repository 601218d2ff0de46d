from __future__ import annotations

from app.access.smart.lockouts import LONGEST_LOCKOUT, MOST, Lockout


def after(attempts: int, start: Lockout, now: float) -> Lockout:
    for _ in range(attempts):
        start = start.counted(now)
    return start


def test_ten_bad_attempts_in_a_minute_are_answered_and_the_next_one_locks_out() -> None:
    ten = after(MOST, Lockout(since=100), 100)
    assert ten.wait(100) == 0
    assert ten.counted(159).wait(159) == 60


def test_attempts_of_more_than_a_minute_ago_do_not_count() -> None:
    ten = after(MOST, Lockout(since=100), 100)
    assert ten.counted(160).wait(160) == 0


def test_each_lockout_takes_twice_as_long_up_to_an_hour() -> None:
    lockout, now, waits = Lockout(since=0), 0.0, []
    for _ in range(8):
        lockout = after(MOST + 1, lockout, now)
        waits.append(lockout.wait(now))
        now = lockout.locked_until
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, LONGEST_LOCKOUT]


def test_a_good_attempt_is_taken_back() -> None:
    ten = after(MOST, Lockout(since=0), 0)
    assert ten.taken_back().counted(1).wait(1) == 0


def test_a_clock_that_goes_back_starts_a_new_count() -> None:
    ten = after(MOST, Lockout(since=1_000), 1_000)
    assert ten.counted(10).wait(10) == 0
    assert ten.counted(10).count == 1
