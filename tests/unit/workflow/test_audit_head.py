"""The log gets the newest seal, at most once a minute and at the end."""

from __future__ import annotations

import pytest

from app.audit.seal import Seal
from app.workflow.audit.head import Head
from tests.support.logged import logged


def a_seal(number: int) -> Seal:
    return Seal(number, "", "2026-03-01T10:00:00Z", (), "0" * 64)


def numbers(capsys: pytest.CaptureFixture[str]) -> list[int]:
    return [line["seal"] for line in logged(capsys, "audit sealed")]


def test_the_last_seal_before_a_quiet_time_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    head = Head(0.0)
    head.advance(a_seal(1), 1.0)
    head.advance(a_seal(2), 2.0)
    assert numbers(capsys) == []
    head.advance(None, 60.0)
    assert numbers(capsys) == [2]


def test_a_seal_is_logged_once_and_a_new_one_a_minute_later(capsys: pytest.CaptureFixture[str]) -> None:
    head = Head(0.0)
    head.advance(a_seal(1), 60.0)
    head.advance(None, 180.0)
    head.advance(a_seal(2), 200.0)
    head.advance(a_seal(3), 230.0)
    assert numbers(capsys) == [1, 2]


def test_the_end_logs_the_newest_seal_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    head = Head(0.0)
    head.advance(a_seal(1), 1.0)
    head.write(2.0)
    head.write(3.0)
    assert numbers(capsys) == [1]
