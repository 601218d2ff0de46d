"""`Task/{id}/$schedule` and `$conclude`: the payer's staff sets the time of a talk, and says how it ended.

https://preauth.example.org/fhir/OperationDefinition/Task-schedule
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

from msgspec.structs import replace

from app.domain.authorization_types.peer_to_peer import NotOffered, check_start
from app.fhir.instants import next_moment
from app.fhir.json import stored
from app.fhir.outcome import Fault, FhirError
from app.pas.parts.write_types import Json
from app.pas.requests.write_peer_to_peer import concluded, is_talk, scheduled
from app.pas.requests.write_task import CLOSED
from app.records import authorizations
from app.records.trail import Event
from app.workflow.arguments import arguments
from app.workflow.call import Answer, Call, Received
from app.workflow.changes import AuthorizationChange
from app.workflow.contention import retried
from app.workflow.peer_to_peer.moments import moment_of
from app.workflow.system import System
from app.workflow.worklist.task_change import current_task, payer_of, store_task

Outcome = Literal["upheld", "not-held"]
"""How a talk ends without an amendment: `$decide` amends."""

_OUTCOMES = get_args(Outcome)


async def schedule(system: System, call: Call, received: Received) -> Answer:
    """Set the time of a talk."""
    given = arguments(system, received, ("start", "end"))
    start, end = given.one("start") or "", given.one("end")
    first = moment_of("start", start)
    if end is not None and moment_of("end", end) < first:
        raise FhirError(Fault.PARAMETER, "`end` must not be before `start`.")
    try:
        check_start(first, call.now)
    except NotOffered as refused:
        raise FhirError(Fault.UNPROCESSABLE, str(refused)) from refused
    return await retried(
        lambda: _change(system, call, received, "schedule", lambda task: scheduled(task, start, end, call.now))
    )


async def conclude(system: System, call: Call, received: Received) -> Answer:
    """End a talk that amends no decision."""
    outcome = arguments(system, received, ("outcome",)).one("outcome") or ""
    if outcome not in _OUTCOMES:
        raise FhirError(Fault.PARAMETER, f"`outcome` must be {' or '.join(_OUTCOMES)}. To amend a denial, use $decide.")
    return await retried(
        lambda: _change(system, call, received, "conclude", lambda task: concluded(task, outcome, call.now), ends=True)
    )


async def _change(
    system: System,
    call: Call,
    received: Received,
    action: str,
    written: Callable[[Json], Json],
    *,
    ends: bool = False,
) -> Answer:
    document = await current_task(system, call, received)
    task = stored(document.body)
    if not is_talk(task):
        raise FhirError(Fault.UNPROCESSABLE, "The Task must be a peer-to-peer review.")
    if task["status"] in CLOSED:
        raise FhirError(Fault.CONFLICT, "The peer-to-peer review is concluded.")
    id_ = task["focus"]["reference"].removeprefix("ClaimResponse/")
    event = Event(action, payer_of(document), id_, {"task": document.id})
    closing = await _closing(system, call, id_) if ends else ()
    return await store_task(system, call, document, written(task), event, authorizations=closing)


async def _closing(system: System, call: Call, id_: str) -> tuple[AuthorizationChange, ...]:
    """Let the request have another talk."""
    record = await authorizations.by_id(system.documents, id_)
    if record is None:
        return ()
    before = record.authorization
    after = replace(before, peer_to_peer=None, updated=next_moment(call.now, before.updated))
    return (AuthorizationChange(record, after),)
