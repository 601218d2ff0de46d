"""Change a Task by an operation on it: read the version that the caller has read, and store the next one."""

from __future__ import annotations

from app.access.reach import PAYER
from app.pas.parts.write_types import Json
from app.ports import Document
from app.records import resources
from app.records.trail import Event
from app.workflow import served
from app.workflow.call import Answer, Call, Received
from app.workflow.changes import AuthorizationChange, Change, actor_of
from app.workflow.system import System


async def current_task(system: System, call: Call, received: Received) -> Document:
    """Return the Task that the call names. Raises FhirError NOT_FOUND outside its reach, PRECONDITION and STALE."""
    document = await resources.read(system.documents, call.reach, "Task", received.id)
    served.match_required(document, received.if_match, "The operation")
    return document


async def store_task(
    system: System,
    call: Call,
    document: Document,
    task: Json,
    event: Event,
    *,
    authorizations: tuple[AuthorizationChange, ...] = (),
) -> Answer:
    """Store the next version of a Task with its event, and answer with it. Raises Conflict."""
    version = resources.next_version(document, task, call.now)
    accesses = (served.access(document, event.action),)
    change = Change(authorizations=authorizations, served=(version,), events=(event,), accesses=accesses)
    await system.commit(actor_of(call), change)
    return served.recorded(served.answer(version.document))


def payer_of(task: Document) -> str:
    """Return the payer whose worklist has the Task."""
    return served.term(task, PAYER)
