"""Mark the clock of a decision: the Task of the request, and the trail, say that it is due soon or late."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from app.audit.access import server_actor
from app.codes import BREACHED_TOPIC, DUE_SOON_TOPIC
from app.domain.authorization import Authorization
from app.domain.due.acts import marked
from app.domain.parts.due_act import ActName, DueAct
from app.fhir.instants import instant, next_moment
from app.records.authorizations import Stored
from app.records.subscriptions.topic_events import payer_event
from app.records.trail import review_event
from app.records.worklist.tasks import task_of
from app.workflow.changes import AuthorizationChange, Change
from app.workflow.system import System

_TOPICS = {ActName.DUE_SOON: DUE_SOON_TOPIC, ActName.BREACHED: BREACHED_TOPIC}


async def mark_clock(system: System, stored: Stored, act: DueAct) -> None:
    """Mark the request as due soon or late. The decision stays with the reviewers."""
    now, before = system.clock.now(), stored.authorization
    after = replace(marked(before, act), updated=next_moment(now, before.updated))
    task = await task_of(system.documents, after.id)
    detail = {} if after.due is None else {"due": instant(after.due)}
    event = review_event(act.name, before, after, detail)
    change = Change(
        authorizations=(AuthorizationChange(stored, after, task),),
        events=(event,),
        notices=(payer_event(_TOPICS[act.name], after),) if _counts(act, after, now) else (),
    )
    await system.commit(server_actor(now), change)


def _counts(act: DueAct, after: Authorization, now: datetime) -> bool:
    """Return whether subscribers must learn of the mark: not that a decision is due soon which is late already."""
    return act.name is ActName.BREACHED or (after.due is not None and now <= after.due)
