"""Release decisions that persons have made: the answer shows them, and subscribers learn of them."""

from __future__ import annotations

from app.audit.access import server_actor
from app.domain.due.acts import marked
from app.domain.due.late import counted_at
from app.domain.parts.due_act import DueAct
from app.domain.review.staging import released
from app.records.authorizations import Stored, served_of
from app.records.trail import review_event
from app.records.views.responses import response_version
from app.workflow.changes import AuthorizationChange, Change
from app.workflow.requests.in_force import in_force, notices_of
from app.workflow.requests.terms import terms_of
from app.workflow.system import System


async def release(system: System, stored: Stored, act: DueAct) -> None:
    """Let the decisions count whose time has come. They stay those of the persons who made them."""
    now, before = system.clock.now(), stored.authorization
    terms = terms_of(system, before, now)
    ruled = released(before, act.at, terms.today)
    after = marked(in_force(system, before, ruled, terms, now, counted_at=counted_at(act, now)), act)
    current = await served_of(system.documents, after)
    version = () if current.response is None else (response_version(current.response, after, now),)
    change = Change(
        authorizations=(AuthorizationChange(stored, after, current.task),),
        served=version,
        events=(review_event(act.name, before, after, {}),),
        notices=notices_of(before, after),
    )
    await system.commit(server_actor(now), change)
