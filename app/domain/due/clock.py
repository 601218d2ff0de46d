"""The marks of a decision's clock: due soon, and breached. Time decides nothing about the request itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.authorization import Authorization
from app.domain.parts.due_act import ActName, DueAct

_DUE_SOON = timedelta(hours=24)
"""The time before the due time from which a record of an earlier build is due soon."""


def clock_acts(authorization: Authorization) -> tuple[DueAct, ...]:
    """Return the marks of the clock while an item is pended: due soon, and breached just after the due time.

    A short limit is due soon in the second half of its time.
    """
    due, clock = authorization.due, authorization.clock
    if due is None:
        return ()
    started, lead = (authorization.created, _DUE_SOON) if clock is None else (clock.started, clock.due_soon)
    soon = DueAct(ActName.DUE_SOON, max(due - lead, due - (due - started) / 2))
    return soon, DueAct(ActName.BREACHED, due + datetime.resolution)


def clock_mark(authorization: Authorization) -> ActName | None:
    """Return the last mark of the running clock; None if the decision is not due soon, or no item is pended."""
    marks = [act.name for act in clock_acts(authorization) if act in authorization.done]
    return marks[-1] if marks else None
