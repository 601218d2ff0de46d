"""The acts that are due follow from the record: their times, and those that are done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from app.domain.due.acts import due_acts, marked, next_due
from app.domain.due.clock import clock_mark
from app.domain.parts.due_act import ActName, DueAct
from app.records.authorizations import row
from app.records.upgrade import read_authorization
from tests.support.billing_samples import authorization

RECEIVED = datetime(2026, 3, 1, 10, tzinfo=UTC)
DUE = RECEIVED + timedelta(days=7)
PENDED = replace(authorization(), created=RECEIVED, due=DUE, items=())
SOON = DueAct(ActName.DUE_SOON, DUE - timedelta(days=1))
LATE = DueAct(ActName.BREACHED, DUE + datetime.resolution)


def test_a_pended_request_is_due_soon_and_then_late() -> None:
    assert due_acts(PENDED) == (SOON, LATE)
    assert next_due(PENDED) == SOON.at


def test_an_act_that_is_done_is_not_due_again() -> None:
    assert due_acts(marked(PENDED, SOON)) == (LATE,)
    assert due_acts(marked(marked(PENDED, SOON), LATE)) == ()


def test_a_request_without_pended_items_has_no_clock() -> None:
    assert next_due(replace(PENDED, due=None)) is None
    assert clock_mark(replace(PENDED, due=None, done=(SOON, LATE))) is None


def test_a_new_due_time_gives_new_acts() -> None:
    extended = replace(marked(PENDED, SOON), due=DUE + timedelta(days=14))
    assert [act.at - SOON.at for act in due_acts(extended)][:1] == [timedelta(days=14)]
    assert clock_mark(extended) is None


def test_the_mark_is_the_last_one() -> None:
    assert clock_mark(PENDED) is None
    assert clock_mark(marked(PENDED, SOON)) is ActName.DUE_SOON
    assert clock_mark(marked(marked(PENDED, SOON), LATE)) is ActName.BREACHED


def test_the_acts_that_are_done_survive_the_store() -> None:
    assert read_authorization(row(marked(PENDED, SOON)).body).done == (SOON,)
