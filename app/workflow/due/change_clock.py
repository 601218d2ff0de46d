"""`ClaimResponse/{id}/$extend` and `$set-urgency`: a reviewer changes the clock of a request.

https://preauth.example.org/fhir/OperationDefinition/ClaimResponse-extend
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.due.running import LEVELS, NotChangeable, TooLong, check_urgency, extended
from app.domain.urgency import Urgency, urgency_of
from app.fhir.instants import instant, next_moment
from app.fhir.outcome import Fault, FhirError, Issue
from app.pas.decisions.read_clock_change import read_extension, read_urgency
from app.policy.due import clock_as
from app.records.subscriptions.topic_events import result_available
from app.records.views.responses import response_version
from app.records.worklist.tasks import task_of
from app.workflow import served
from app.workflow.call import Answer, Call, Received
from app.workflow.changes import actor_of, reviewed_change
from app.workflow.contention import retried
from app.workflow.current import current_request
from app.workflow.enroll import covered_on_record
from app.workflow.system import System


class Changed(NamedTuple):
    """The record with its new clock, and what the trail has of the act beside the due times."""

    record: Authorization
    detail: dict[str, Any]


Act = Callable[[Authorization], Awaitable[Changed]]
"""Changes the clock of a record. Raises NotChangeable and TooLong."""


async def extend(system: System, call: Call, received: Received) -> Answer:
    """Extend the time of a decision once, before it is due."""
    received.body.expect("Parameters")
    extension = read_extension(system.conformance.by_r4(received.body), call.now)

    async def act(before: Authorization) -> Changed:
        note = {} if extension.note is None else {"note": extension.note}
        detail = {"days": extension.by.days, "reason": extension.reason, **note}
        return Changed(extended(before, extension), detail)

    return await _changed(system, call, received, "extend", act)


async def set_urgency(system: System, call: Call, received: Received) -> Answer:
    """Review a pended request as expedited or as standard from now on."""
    received.body.expect("Parameters")
    urgency, reason = read_urgency(system.conformance.by_r4(received.body))

    async def act(before: Authorization) -> Changed:
        check_urgency(before, urgency, call.now)
        detail = {"from": urgency_of(before.urgency), "to": urgency, "reason": reason}
        return Changed(await _reviewed_as(system, call, before, urgency), detail)

    return await _changed(system, call, received, "set-urgency", act)


async def _reviewed_as(system: System, call: Call, before: Authorization, urgency: Urgency) -> Authorization:
    policy = system.payers.get(before.payer)
    covered = None if policy is None else await covered_on_record(system, policy, before.patient, before.member)
    if policy is None or covered is None:
        raise NotChangeable("The payer has no policy or no record of the member, which limit the time.")
    running = clock_as(urgency, before, policy, call.now, covered)
    return replace(before, urgency=LEVELS[urgency], due=running.due, clock=running.clock)


async def _changed(system: System, call: Call, received: Received, action: str, act: Act) -> Answer:
    async with system.contention.turn([received.id]):
        return await retried(lambda: _attempt(system, call, received, action, act))


async def _attempt(system: System, call: Call, received: Received, action: str, act: Act) -> Answer:
    response, stored = await current_request(system, call, received, "The operation")
    before = stored.authorization
    try:
        record, detail = await act(before)
    except NotChangeable as refused:
        raise FhirError(Fault.CONFLICT, str(refused)) from refused
    except TooLong as refused:
        raise FhirError(
            Fault.UNPROCESSABLE, Issue(str(refused), "Parameters.parameter.where(name = 'days')")
        ) from refused
    after = replace(record, updated=next_moment(call.now, before.updated))
    version = response_version(response, after, call.now)
    times = {name: instant(due) for name, due in (("was_due", before.due), ("due", after.due)) if due is not None}
    change = reviewed_change(
        action,
        stored,
        after,
        (version,),
        task=await task_of(system.documents, received.id),
        detail={**detail, **times},
        notices=(result_available(after),),
    )
    await system.commit(actor_of(call), change)
    return served.recorded(served.answer(version.document))
