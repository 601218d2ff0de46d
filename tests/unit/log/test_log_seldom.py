"""The same cause is logged once a minute, with the count of the lines left out."""

from __future__ import annotations

from app.log import Seldom


def test_a_cause_is_due_once_a_minute_with_the_count_of_lines_left_out() -> None:
    moments = [0.0]
    seldom = Seldom(lambda: moments[0])
    assert seldom.left_out("disk full") == 0
    assert [seldom.left_out("disk full") for _ in range(7)] == [None] * 7
    assert seldom.left_out("damaged") == 0
    moments[0] = 59.9
    assert seldom.left_out("disk full") is None
    moments[0] = 60.0
    assert seldom.left_out("disk full") == 8
    assert seldom.left_out("disk full") is None
    moments[0] = 180.0
    assert seldom.left_out("disk full") == 1
    assert seldom.left_out("damaged") == 0
