"""Verify the audit log: each sealed event is stored unchanged, and each older event has a seal."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.audit.chain import Finding, Link, check_events, check_head, check_seal, missing_head, unsealed
from app.fhir.instants import sortable
from app.ports import Documents
from app.records.audit.events import bodies_of, events_before
from app.records.audit.seals import seals

PATIENCE = 60
"""Seconds after which an event must have a seal; a running server seals each second."""


async def verify_chain(documents: Documents, now: datetime, head: Link | None = None) -> list[Finding]:
    """Return the faults of the audit log; an empty list if there are none. Works beside a running server.

    `head` is a seal that the operator noted, such as from the log: it must still be there. Without it, a removal of the
    newest seals together with their events does not show.
    """
    moment = sortable(now - timedelta(seconds=PATIENCE))
    faults: list[Finding] = []
    after, of_age = Link(), 0
    total = sum([1 async for _ in events_before(documents, moment)])
    async for seal in seals(documents):
        stored = await bodies_of(documents, seal)
        faults += check_seal(seal, after)
        faults += check_events(seal, {id_: document.body for id_, document in stored.items()})
        of_age += sum(document.created < moment for document in stored.values())
        after = Link(seal.number, seal.hash)
        if head is not None and head.number == seal.number:
            faults += check_head(seal, head)
            head = None
    faults += unsealed(total - of_age, PATIENCE)
    return faults if head is None else [*faults, missing_head(head)]
