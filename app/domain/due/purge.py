"""The end of the time for which the payer keeps a record."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from app.domain.authorization import Authorization
from app.domain.decision import ReviewAction
from app.domain.parts.due_act import ActName, DueAct
from app.domain.parts.retention import LEAST_AFTER_CHANGE, LEAST_AFTER_SERVICE

_ONE_DAY = timedelta(days=1)
_LAST_START = date.max.replace(month=11, day=1)


def purge_acts(authorization: Authorization) -> tuple[DueAct, ...]:
    """Return the purge of the record, on the first day of a month, so that most changes do not move it.

    Nothing is due without terms, under a legal hold, while an item is pended, and for a grant without an end.
    """
    terms = authorization.policy.retention
    served = last_service(authorization)
    if terms is None or authorization.hold is not None or served is None:
        return ()
    changed = authorization.updated.astimezone(UTC).date()
    ends = (
        *(span.end(served) for span in (terms.after_service, LEAST_AFTER_SERVICE)),
        *(span.end(changed) for span in (terms.after_change, LEAST_AFTER_CHANGE)),
    )
    kept = max(ends) + _ONE_DAY if max(ends) < _LAST_START else _LAST_START
    month = (kept.replace(day=1) + timedelta(days=31)).replace(day=1)
    return (DueAct(ActName.PURGE, datetime(month.year, month.month, 1, tzinfo=UTC)),)


def last_service(authorization: Authorization) -> date | None:
    """Return the last day on which a service may be given; the day of the decision, if the request names no day.

    None: an item is pended, or a grant has no end.
    """
    days = [authorization.created.astimezone(UTC).date()]
    if authorization.stay is not None and authorization.stay.discharge is not None:
        days.append(authorization.stay.discharge)
    for item in authorization.items:
        if item.decision.action is ReviewAction.PENDED:
            return None
        periods = [item.requested.serviced] if item.granted is None else [item.requested.serviced, item.granted.period]
        if item.granted is not None and item.granted.period.end is None:
            return None
        days += [period.end for period in periods if period is not None and period.end is not None]
        days.append(item.decision.decided)
    return max(days)
