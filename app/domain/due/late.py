"""Mark decisions that come after they were due."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import ReviewAction
from app.domain.parts.due_act import DueAct

_PENDED = ReviewAction.PENDED
_NO_DECISION = frozenset({_PENDED, ReviewAction.CANCELLED})
"""The actions of an item without an answer of the payer."""


SLOWEST_WORKER = timedelta(minutes=1)
"""The time that a worker may take to an act that is due."""


def counted_at(act: DueAct, now: datetime) -> datetime:
    """Return the time of a release: that of the act, or now if the server did it much later, as after a stop."""
    return act.at if now - act.at <= SLOWEST_WORKER else now


def with_late_marks(before: Authorization, after: Authorization, now: datetime) -> Authorization:
    """Return the record after a change, in which each decision on a pended item is marked if it was due before now."""
    if before.due is None or now <= before.due:
        return after
    waited = {item.requested.number for item in before.items if item.decision.action is _PENDED}
    return replace(after, items=tuple(_marked(item) if _is_decided(item, waited) else item for item in after.items))


def _is_decided(item: AuthorizedItem, waited: set[str]) -> bool:
    return item.requested.number in waited and item.decision.action not in _NO_DECISION


def _marked(item: AuthorizedItem) -> AuthorizedItem:
    return replace(item, decision=replace(item.decision, late=True))
