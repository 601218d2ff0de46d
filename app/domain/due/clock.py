"""The clock of a decision: when it is due soon, and when it is late. Time decides nothing about the request itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.authorization import Authorization
from app.domain.parts.due_act import ActName, DueAct

DUE_SOON = timedelta(hours=24)
"""A decision is due soon this long before it is due; for short limits, in the second half of the time."""


def clock_acts(authorization: Authorization) -> tuple[DueAct, ...]:
    """Return the marks of the clock while an item is pended: due soon, and breached just after the due time."""
    due = authorization.due
    if due is None:
        return ()
    half = due - (due - authorization.created) / 2
    soon = DueAct(ActName.DUE_SOON, max(due - DUE_SOON, half))
    return soon, DueAct(ActName.BREACHED, due + datetime.resolution)


def clock_mark(authorization: Authorization) -> ActName | None:
    """Return the last mark of the running clock; None if the decision is not due soon, or no item is pended."""
    marks = [act.name for act in clock_acts(authorization) if act in authorization.done]
    return marks[-1] if marks else None
