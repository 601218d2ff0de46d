"""Do the acts that are due. Several servers can work on one store: each act is done once, by compare-and-set."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from app.audit.access import server_actor
from app.domain.due.acts import due_acts
from app.log import get_logger
from app.ports import Conflict, Document, StoreUnavailable
from app.records import authorizations
from app.records.waiting.due import due_rows
from app.workflow.changes import Change
from app.workflow.due.acts import ACTS
from app.workflow.system import System

PAGE = 50
MOST_ACTS = 10
"""The most acts of one row. An authorization never has so many at once."""

PAUSE_AFTER_FAILURE = timedelta(minutes=1)


async def perform_due(system: System) -> bool:
    """Do the acts of the oldest rows that are due; return whether more may wait.

    An act that fails waits for a minute, so that it holds no other.
    """
    rows = await due_rows(system.documents, system.clock.now(), PAGE)
    for row in rows:
        try:
            async with system.contention.turn([row.body]):
                await _performed(system, row)
        except Conflict:
            continue  # a call or another server was first; the row stays
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - one act must not hold the others
            get_logger().error("act failed", authorization=row.body, exc_info=True)
            await _commit(system, Change(postponed=((row, system.clock.now() + PAUSE_AFTER_FAILURE),)))
    return len(rows) == PAGE


async def _performed(system: System, row: Document) -> None:
    """Do the acts, one commit each, and delete the row when none is left."""
    for _ in range(MOST_ACTS):
        stored = await authorizations.by_id(system.documents, row.body)
        acts = () if stored is None else due_acts(stored.authorization)
        if stored is None or not acts or acts[0].at > system.clock.now():
            await _commit(system, Change(deleted=(row,)))
            return
        await ACTS[acts[0].name](system, stored, acts[0])
    raise RuntimeError("An act that is done stays due.")


async def _commit(system: System, change: Change) -> None:
    """Commit a change of the row; if another server was first, it has done the same."""
    with suppress(Conflict):
        await system.commit(server_actor(system.clock.now()), change)
