"""Purge the record of a request when the payer's time to keep it has ended."""

from __future__ import annotations

from msgspec.structs import replace

from app.audit.access import server_actor
from app.domain.due.purge import last_service
from app.domain.parts.due_act import DueAct
from app.domain.parts.retention import RetentionTerms
from app.fhir.instants import instant
from app.records.authorizations import Stored
from app.records.evidence.purged import purged
from app.records.trail import Event
from app.workflow.changes import AuthorizationChange, Change
from app.workflow.system import System


async def purge(system: System, stored: Stored, act: DueAct) -> None:
    """Delete the rows of a request in one commit, with its event in the trail.

    The terms of the policy in force count: if they differ, the record gets them, and the purge another time. Raises
    RuntimeError while the clock is far off, so that a wrong clock purges nothing.
    """
    if await system.clock_watch.is_far_off(system.clock, system.documents):
        raise RuntimeError("A purge waits for a right clock.")
    before, actor = stored.authorization, server_actor(system.clock.now())
    in_force = _terms(system, before.payer)
    if in_force != before.policy.retention:
        after = replace(before, policy=replace(before.policy, retention=in_force))
        await system.commit(actor, Change(authorizations=(AuthorizationChange(stored, after),)))
        return
    ending = await purged(system.documents, before)
    rows = (stored.document, *ending.rows)
    detail = {
        "created": instant(before.created),
        "changed": instant(before.updated),
        "last_service": last_service(before),
        "due": instant(act.at),
        "rows": len(rows),
    }
    event = Event(act.name, before.payer, before.id, detail)
    await system.commit(actor, Change(deleted=rows, contents=ending.shared, events=(event,)))


def _terms(system: System, payer: str) -> RetentionTerms | None:
    policy = system.payers.get(payer)
    return None if policy is None or policy.retention is None else policy.retention.terms
