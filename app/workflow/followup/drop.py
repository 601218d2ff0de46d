"""Drop held attachments whose request has not come in time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from app.domain.authorization import UNKNOWN_PAYER
from app.records.evidence.contents import content_rows, without
from app.records.evidence.held import StoredHeld
from app.records.trail import Event
from app.workflow.changes import Change
from app.workflow.system import System

HELD_FOR = timedelta(days=90)
MOST_DROPPED = 20
"""The most attachments that one call drops: as many as one can bring."""


async def expired(
    system: System, held: Sequence[StoredHeld], sent: Collection[str], now: datetime
) -> Sequence[StoredHeld]:
    """Return the oldest attachments whose time has ended. Contents that are `sent` again stay.

    While the clock is far off, no time ends.
    """
    ended = [
        stored
        for stored in held
        if now - stored.held.attachment.received > HELD_FOR and stored.held.attachment.content not in sent
    ]
    if ended and await system.clock_watch.is_far_off(system.clock, system.documents):
        return ()
    return ended[:MOST_DROPPED]


async def dropping(system: System, ended: Sequence[StoredHeld]) -> Change:
    """Return the change that deletes attachments, and the contents that nothing else has."""
    rows = await content_rows(system.documents, [stored.held.attachment.content for stored in ended])
    freed = without(rows.values(), [stored.held.id for stored in ended])
    return Change(
        contents=freed.shared,
        deleted=(*(stored.document for stored in ended), *freed.unused),
        events=tuple(_event(stored) for stored in ended),
    )


def _event(stored: StoredHeld) -> Event:
    contents = [stored.held.attachment.content]
    return Event("drop-attachment", stored.held.payer or UNKNOWN_PAYER, "", {"contents": contents})
