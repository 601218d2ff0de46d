"""Seal the AuditEvents that have no seal yet, so that a later removal or change shows."""

from __future__ import annotations

from datetime import datetime

from app.audit.seal import Seal, sealed
from app.fhir.instants import sortable
from app.ports import Conflict, Documents
from app.records.audit.seals import MOST_OPEN, last_seal, open_rows
from app.workflow.changes import seal_rows


async def seal_once(documents: Documents, now: datetime) -> Seal | None:
    """Put the oldest events without a seal under the next one. Return it, or None if no event waits.

    Another process may seal the same events first; then this one returns None, and no event has two seals.
    """
    opened = await open_rows(documents)
    if not opened:
        return None
    events = tuple(event for opening in opened for event in opening.events)
    seal = sealed(await last_seal(documents), sortable(now), events)
    try:
        await documents.commit(*seal_rows(seal, opened))
    except Conflict:
        return None
    return seal


async def seal_all(documents: Documents, now: datetime) -> Seal | None:
    """Seal the events that wait; return the last seal.

    Events that come meanwhile wait for the next call: else a busy server would never end, with a seal for each commit.
    """
    last: Seal | None = None
    while (seal := await seal_once(documents, now)) is not None:
        last = seal
        if len(seal.events) < MOST_OPEN:
            break
    return last
