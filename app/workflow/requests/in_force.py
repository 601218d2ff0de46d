"""Let a person's decisions count: with the right to appeal and a number."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.authorization_number import mint
from app.domain.decision import ReviewAction
from app.domain.due.late import with_late_marks
from app.domain.review.recourse import ruled_with_recourse
from app.domain.update.numbering import numbered
from app.fhir.instants import next_moment
from app.records.subscriptions.topic_events import TopicEvent, result_available
from app.workflow.requests.terms import Terms
from app.workflow.system import System


def in_force(
    system: System,
    before: Authorization,
    ruled: Authorization,
    terms: Terms,
    now: datetime,
    *,
    counted_at: datetime | None = None,
) -> Authorization:
    """Return the record in which the changed decisions of `ruled` count. Proposals stay as they are.

    `counted_at`: the time that must not be after the due time, if it is not now.
    """
    after = numbered(
        before,
        ruled_with_recourse(before, ruled, terms.appeal),
        partial(mint, terms.prefix, system.ids.characters),
    )
    pended = any(item.decision.action is ReviewAction.PENDED for item in after.items)
    settled = replace(after, due=before.due if pended else None, updated=next_moment(now, before.updated))
    return with_late_marks(before, settled, counted_at or now)


def notices_of(before: Authorization, after: Authorization) -> tuple[TopicEvent, ...]:
    """Return the event that subscribers must learn of, if the result is another. A proposal is no result."""
    former = {item.requested.number: item.decision for item in before.items}
    changed = any(former.get(item.requested.number) != item.decision for item in after.items)
    return (result_available(after),) if changed else ()
