"""Let the acts of earlier builds' authorizations become due, after an upgrade that adds acts."""

from __future__ import annotations

from app.audit.access import server_actor
from app.log import get_logger
from app.ports import Conflict, Document, StoreUnavailable
from app.records.waiting.due import unscheduled, unscheduled_record
from app.workflow.changes import AuthorizationChange, Change
from app.workflow.system import System

PAGE = 50


async def schedule(system: System) -> bool:
    """Write the row of each authorization that has none; return whether more may wait.

    One that cannot be read or scheduled holds no other.
    """
    waiting = await unscheduled(system.documents, PAGE)
    scheduled = 0
    for row in waiting:
        try:
            await _scheduled(system, row)
        except Conflict:
            continue  # a call changed the record at the same time, and scheduled its acts
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - one record must not hold the others
            get_logger().error("acts not scheduled", authorization=row.id, exc_info=True)
            continue
        scheduled += 1
    return scheduled > 0 and len(waiting) == PAGE


async def _scheduled(system: System, row: Document) -> None:
    stored = unscheduled_record(row)
    unchanged = AuthorizationChange(stored, stored.authorization)
    await system.commit(server_actor(system.clock.now()), Change(authorizations=(unchanged,)))
