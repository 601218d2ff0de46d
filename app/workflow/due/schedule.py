"""Let the acts of earlier builds' authorizations become due, after an upgrade that adds acts."""

from __future__ import annotations

from contextlib import suppress

from app.audit.access import Actor
from app.fhir.instants import sortable
from app.ports import Conflict
from app.records.waiting.due import unscheduled
from app.workflow.changes import AuthorizationChange, Change
from app.workflow.system import System

PAGE = 50


async def schedule(system: System) -> bool:
    """Write the row of each authorization that has none; return whether more may wait."""
    waiting = await unscheduled(system.documents, PAGE)
    for stored in waiting:
        unchanged = AuthorizationChange(stored, stored.authorization)
        # A call that changes the record at the same time schedules its acts.
        with suppress(Conflict):
            await system.commit(Actor(sortable(system.clock.now()), None), Change(authorizations=(unchanged,)))
    return len(waiting) == PAGE
