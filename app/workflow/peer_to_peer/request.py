"""`ClaimResponse/{id}/$request-peer-to-peer`: a provider or a reviewer asks for a talk between clinicians.

https://preauth.example.org/fhir/OperationDefinition/ClaimResponse-request-peer-to-peer
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from app.audit.access import Access, Interaction
from app.domain.authorization import Authorization
from app.domain.authorization_types.peer_to_peer import NotOffered, last_day
from app.fhir.instants import next_moment
from app.fhir.outcome import Fault, FhirError
from app.pas.requests.write_peer_to_peer import Talk, asked
from app.records import resources
from app.records.resources import Version
from app.records.trail import Event
from app.workflow import served
from app.workflow.arguments import Arguments, arguments
from app.workflow.call import Answer, Call, Received
from app.workflow.changes import AuthorizationChange, Change, actor_of, readers
from app.workflow.contention import retried
from app.workflow.current import current_request
from app.workflow.peer_to_peer.moments import moment_of
from app.workflow.system import System

_LONGEST_CONTACT = 200
_MOST_TIMES = 3


async def request_peer_to_peer(system: System, call: Call, received: Received) -> Answer:
    """Ask for a talk about a pended or denied request. The answer is the Task of the talk."""
    given = arguments(system, received, ("contact", "time"))
    contact, times = _contact(given), _times(given)
    return await retried(lambda: _request(system, call, received, contact, times))


async def _request(system: System, call: Call, received: Received, contact: str, times: list[str]) -> Answer:
    _, stored = await current_request(system, call, received, "The operation")
    before = stored.authorization
    if before.peer_to_peer is not None:
        raise FhirError(Fault.CONFLICT, "A peer-to-peer review of this request is open.")
    due = _due(system, before, call.now)
    task_id = system.ids.new()
    after = replace(before, peer_to_peer=task_id, updated=next_moment(call.now, before.updated))
    resource = asked(task_id, after, Talk(contact, times, due))
    access = readers(after.payer, after.owner, after.patient)
    task = Version(resources.row(resource, access=access, now=call.now))
    change = Change(
        authorizations=(AuthorizationChange(stored, after),),
        served=(task,),
        events=(Event("request-peer-to-peer", after.payer, after.id, {"task": task.document.id}),),
        accesses=(_access(after, task),),
    )
    await system.commit(actor_of(call), change)
    return served.recorded(served.answer(task.document))


def _due(system: System, authorization: Authorization, now: datetime) -> datetime:
    """Return the last moment of a talk. Raises FhirError UNPROCESSABLE if the payer offers none, or no longer."""
    policy = system.payers.get(authorization.payer)
    terms = None if policy is None else policy.types.peer_to_peer
    if policy is None or terms is None:
        raise FhirError(Fault.UNPROCESSABLE, "The payer offers no peer-to-peer review.")
    try:
        last = last_day(authorization, terms.within)
    except NotOffered as refused:
        raise FhirError(Fault.UNPROCESSABLE, str(refused)) from refused
    if last is None:
        return authorization.due or now
    if last < policy.day(now):
        raise FhirError(Fault.UNPROCESSABLE, f"The last day to ask for a peer-to-peer review was {last}.")
    return _end_of(last, policy.payer.timezone)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def _contact(given: Arguments) -> str:
    contact = (given.one("contact") or "").strip()
    if not contact or len(contact) > _LONGEST_CONTACT:
        text = f"`contact` must say how to reach the clinician, in at most {_LONGEST_CONTACT} characters."
        raise FhirError(Fault.PARAMETER, text)
    return contact


def _times(given: Arguments) -> list[str]:
    times = [value for name, value in given.pairs if name == "time"]
    if len(times) > _MOST_TIMES:
        raise FhirError(Fault.PARAMETER, f"`time` must not be given more than {_MOST_TIMES} times.")
    for value in times:
        moment_of("time", value)
    return times


def _access(authorization: Authorization, task: Version) -> Access:
    return Access(
        interaction=Interaction.UPDATE,
        payers=(authorization.payer,),
        patient=authorization.patient,
        resources=(f"ClaimResponse/{authorization.id}", f"Task/{task.document.id}"),
        operation="$request-peer-to-peer",
    )
