"""The marks of a decision's clock: due soon, and breached. Time decides nothing about the request itself."""

from __future__ import annotations

from datetime import datetime

from app.domain.authorization import Authorization
from app.domain.parts.decision_clock import DecisionClock
from app.domain.parts.due_act import ActName, DueAct


def clock_of_record(authorization: Authorization) -> DecisionClock:
    """Return the clock of the record. That of an earlier build started with the record."""
    return authorization.clock or DecisionClock(authorization.created)


def clock_acts(authorization: Authorization) -> tuple[DueAct, ...]:
    """Return the marks of the clock while an item is pended: due soon, and breached just after the due time.

    A short limit is due soon in the second half of its time.
    """
    due, clock = authorization.due, clock_of_record(authorization)
    if due is None:
        return ()
    soon = DueAct(ActName.DUE_SOON, max(due - clock.due_soon, due - (due - clock.started) / 2))
    return soon, DueAct(ActName.BREACHED, due + datetime.resolution)


def clock_mark(authorization: Authorization) -> ActName | None:
    """Return the last mark of the running clock; None if the decision is not due soon, or no item is pended."""
    marks = [act.name for act in clock_acts(authorization) if act in authorization.done]
    return marks[-1] if marks else None
