"""The reminders of an authorization follow from its grants."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from app.domain.authorization import Authorization, PolicyVersion
from app.domain.datatypes import Period
from app.domain.decision import Granted
from app.domain.due.reminders import becomes_low, expired_by, expiry_acts
from app.domain.parts.due_act import ActName, DueAct
from app.domain.parts.reminder_terms import ReminderTerms
from tests.support.billing_samples import authorization

START, END = date(2026, 3, 1), date(2026, 12, 31)


def granted(
    *units: tuple[int | None, int], end: date | None = END, zone: str | None = None, terms: ReminderTerms | None = None
) -> Authorization:
    """Return an authorization with an item for each pair of granted and consumed units."""
    [item, *_] = authorization().items
    items = [
        replace(
            item,
            requested=replace(item.requested, sequence=number),
            decision=replace(
                item.decision,
                decided=START,
                granted=Granted(Period(START, end), None if quantity is None else Decimal(quantity)),
            ),
            consumed=Decimal(consumed),
        )
        for number, (quantity, consumed) in enumerate(units, 1)
    ]
    version = PolicyVersion("p", "d", zone, reminders=terms or ReminderTerms())
    return replace(authorization(), items=tuple(items), policy=version)


def test_a_reminder_is_due_thirty_days_before_the_end_at_the_start_of_the_payers_day() -> None:
    at = datetime(2026, 12, 1, 5, tzinfo=UTC)
    assert expiry_acts(granted((10, 0), zone="America/New_York")) == (DueAct(ActName.EXPIRING, at),)
    assert expiry_acts(granted((10, 0)))[0].at == datetime(2026, 12, 1, tzinfo=UTC)


def test_items_with_the_same_end_have_one_reminder() -> None:
    assert len(expiry_acts(granted((10, 0), (5, 2)))) == 1


@pytest.mark.parametrize(
    ("record", "reminders"),
    [
        (granted((10, 9)), 1),
        (granted((10, 10)), 0),
        (granted((None, 99)), 1),
        (granted((10, 0), end=None), 0),
        (granted((10, 0), end=date(2026, 3, 31)), 0),
        (granted((10, 0), end=date(2026, 4, 1)), 1),
        (granted((10, 0), end=date.min), 0),
        (granted((10, 0), terms=ReminderTerms(expiring=365)), 0),
        (granted(), 0),
    ],
    ids=["left", "used up", "no limit", "no end", "short", "just long enough", "first day", "own terms", "no items"],
)
def test_a_grant_without_units_or_shorter_than_the_time_before_its_end_has_no_reminder(
    record: Authorization, reminders: int
) -> None:
    assert len(expiry_acts(record)) == reminders


def test_a_reminder_comes_too_late_after_the_last_day() -> None:
    record = granted((10, 0))
    [act] = expiry_acts(record)
    assert not expired_by(record, act, datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    assert expired_by(record, act, datetime(2027, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("before", "after", "low"),
    [
        ((10, 0), (10, 7), False),
        ((10, 7), (10, 8), True),
        ((10, 0), (10, 10), True),
        ((10, 8), (10, 9), False),
        ((None, 0), (None, 50), False),
    ],
    ids=["above", "at the threshold", "all at once", "low before", "no limit"],
)
def test_units_become_low_once(before: tuple[int | None, int], after: tuple[int | None, int], low: bool) -> None:
    assert becomes_low(granted(before), granted(after)) is low
