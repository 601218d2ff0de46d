"""Replace the worklist rows of earlier builds by Tasks, at the start of the server."""

from __future__ import annotations

from app.audit.access import server_actor
from app.ports import Conflict, Document
from app.records import authorizations
from app.records.worklist.former_rows import former_rows
from app.records.worklist.tasks import first_task, task_of
from app.workflow.changes import Change
from app.workflow.system import System


async def replace_former_worklist(system: System) -> None:
    """Store a Task for each pended authorization that has only a row of an earlier build."""
    for row in await former_rows(system.documents):
        try:
            await _replace(system, row)
        except Conflict:
            continue


async def _replace(system: System, row: Document) -> None:
    stored = await authorizations.by_id(system.documents, row.id)
    waits = stored is not None and stored.authorization.due is not None
    filed = await task_of(system.documents, row.id) is not None
    task = first_task(stored.authorization) if stored is not None and waits and not filed else None
    served = () if task is None else (task,)
    await system.commit(server_actor(system.clock.now()), Change(served=served, deleted=(row,)))
