"""`Task/{id}/$take`, `$release` and `$assign`: the staff of a payer share the work of its worklist.

https://preauth.example.org/fhir/OperationDefinition/Task-take
"""

from __future__ import annotations

from collections.abc import Callable

from app.access.grant import REVIEWERS, Role
from app.access.reach import PATIENT, PAYER
from app.access.registry import User
from app.audit.access import Access, Interaction
from app.codes import CLIENT_ID, USER_ID
from app.domain.datatypes import Identifier
from app.domain.review.assignment import Hands, NotAssignable, NotTheirs, assigned, released, taken
from app.fhir.json import stored
from app.fhir.outcome import Fault, FhirError
from app.pas.requests.write_task import hands_of, with_owner
from app.ports import Document
from app.records import resources
from app.records.access.registry import find
from app.records.trail import Event
from app.workflow import served
from app.workflow.arguments import arguments
from app.workflow.call import Answer, Call, Received
from app.workflow.changes import Change, actor_of
from app.workflow.contention import retried
from app.workflow.system import System

Rule = Callable[[Hands], Identifier | None]
"""Returns the owner after the act. Raises NotAssignable or NotTheirs."""


async def take(system: System, call: Call, received: Received) -> Answer:
    """Make the caller the owner of an open Task without one."""
    arguments(system, received, ())
    return await _owned(system, call, received, "take", lambda hands: taken(hands, _self(call)))


async def release(system: System, call: Call, received: Received) -> Answer:
    """Take the owner off an open Task."""
    arguments(system, received, ())
    administrator = call.grant.role is Role.ADMIN
    return await _owned(
        system, call, received, "release", lambda hands: released(hands, _self(call), administrator=administrator)
    )


async def assign(system: System, call: Call, received: Received) -> Answer:
    """Give an open Task to a person of the same payer."""
    user = arguments(system, received, ("owner",)).one("owner")
    if not user:
        raise FhirError(Fault.PARAMETER, "`owner` must be the id of a user who reviews for the payer.")
    document = await resources.read(system.documents, call.reach, "Task", received.id)
    await _check_colleague(system, user, _values(document, PAYER))
    owner, administrator = Identifier(USER_ID, user), call.grant.role is Role.ADMIN
    return await _owned(
        system,
        call,
        received,
        "assign",
        lambda hands: assigned(hands, _self(call), owner, administrator=administrator),
    )


async def _owned(system: System, call: Call, received: Received, action: str, rule: Rule) -> Answer:
    return await retried(lambda: _change(system, call, received, action, rule))


async def _change(system: System, call: Call, received: Received, action: str, rule: Rule) -> Answer:
    document = await resources.read(system.documents, call.reach, "Task", received.id)
    served.match_required(document, received.if_match, "The operation")
    content = stored(document.body)
    hands = hands_of(content)
    try:
        owner = rule(hands)
    except NotAssignable as refused:
        raise FhirError(Fault.CONFLICT, str(refused)) from refused
    except NotTheirs as refused:
        raise FhirError(Fault.FORBIDDEN, str(refused)) from refused
    version = resources.next_version(document, with_owner(content, owner, call.now), call.now)
    [payer] = _values(document, PAYER)
    event = Event(action, payer, document.id, {"from": _named(hands.owner), "to": _named(owner)})
    access = Access(
        interaction=Interaction.UPDATE,
        payers=(payer,),
        patient=next(iter(_values(document, PATIENT)), ""),
        resources=(f"Task/{document.id}",),
        operation=f"${action}",
    )
    await system.commit(actor_of(call), Change(served=(version,), events=(event,), accesses=(access,)))
    return served.recorded(served.answer(version.document))


def _self(call: Call) -> Identifier:
    """Return the person who acts, or else the client."""
    return Identifier(USER_ID, call.grant.user) if call.grant.user else Identifier(CLIENT_ID, call.grant.client)


async def _check_colleague(system: System, user: str, payers: list[str]) -> None:
    """Check that a user reviews for one of the payers. Raises FhirError UNPROCESSABLE, with one text for all faults."""
    row = await find(system.documents, User, user)
    if row is None or row.disabled or row.role not in REVIEWERS or not set(row.payers) & set(payers):
        raise FhirError(Fault.UNPROCESSABLE, "`owner` must be the id of a user who reviews for the payer.")


def _values(document: Document, name: str) -> list[str]:
    return [value for term, value in document.terms if term == name and value]


def _named(owner: Identifier | None) -> str | None:
    return None if owner is None else owner.value
