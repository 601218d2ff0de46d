"""Remind the subscribers of an authorization that it ends soon."""

from __future__ import annotations

from msgspec.structs import replace

from app.audit.access import server_actor
from app.codes import EXPIRING_TOPIC
from app.domain.due.acts import marked
from app.domain.due.reminders import expired_by
from app.domain.parts.due_act import DueAct
from app.fhir.instants import instant, next_moment
from app.records.authorizations import Stored
from app.records.subscriptions.topic_events import topic_event
from app.records.trail import review_event
from app.workflow.changes import AuthorizationChange, Change
from app.workflow.system import System


async def remind(system: System, stored: Stored, act: DueAct) -> None:
    """Notify the subscribers once. A reminder that comes after the end, as from an import, only counts as done."""
    now, before = system.clock.now(), stored.authorization
    after = replace(marked(before, act), updated=next_moment(now, before.updated))
    late = expired_by(before, act, now)
    change = Change(
        authorizations=(AuthorizationChange(stored, after),),
        events=() if late else (review_event(act.name, before, after, {"due": instant(act.at)}),),
        notices=() if late else (topic_event(EXPIRING_TOPIC, after),),
    )
    await system.commit(server_actor(now), change)
