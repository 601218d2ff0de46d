"""`Task/{id}/$take`, `$release` and `$assign`: the staff of a payer share the work of its worklist.

https://preauth.example.org/fhir/OperationDefinition/Task-take
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from app.access.grant import REVIEWERS, Role
from app.access.registry import User
from app.codes import CLIENT_ID, USER_ID
from app.domain.datatypes import Identifier
from app.domain.parts.ruling import LONGEST_NOTE
from app.domain.review.assignment import Hands, NotAssignable, NotTheirs, asked, assigned, released, taken
from app.fhir.json import stored
from app.fhir.outcome import Fault, FhirError
from app.pas.requests.write_task_owner import hands_of, with_note, with_owner
from app.ports import Document
from app.records import resources
from app.records.access.registry import find
from app.records.trail import Event
from app.workflow.arguments import Arguments, arguments
from app.workflow.call import Answer, Call, Received
from app.workflow.contention import retried
from app.workflow.system import System
from app.workflow.worklist.task_change import current_task, payer_of, store_task

SECOND_OPINION = "second-opinion"
"""The purpose of an assignment to a colleague whose advice the owner wants."""


class _Act(Struct, frozen=True):
    """A change of owner. `rule` returns the owner after it, and raises NotAssignable or NotTheirs."""

    name: str
    rule: Callable[[Hands], Identifier | None]
    note: str | None = None
    purpose: str | None = None


async def take(system: System, call: Call, received: Received) -> Answer:
    """Make the caller the owner of an open Task without one."""
    arguments(system, received, ())
    return await _owned(system, call, received, _Act("take", lambda hands: taken(hands, _self(call))))


async def release(system: System, call: Call, received: Received) -> Answer:
    """Take the owner off an open Task, with a note for colleagues if the caller gives one."""
    note = _note(arguments(system, received, ("note",)))
    administrator = call.grant.role is Role.ADMIN
    act = _Act("release", lambda hands: released(hands, _self(call), administrator=administrator), note)
    return await _owned(system, call, received, act)


async def assign(system: System, call: Call, received: Received) -> Answer:
    """Give an open Task to a person of the same payer, or ask that person for a second opinion."""
    given = arguments(system, received, ("owner", "purpose", "note"))
    user, purpose, note = given.one("owner"), given.one("purpose"), _note(given)
    if not user:
        raise FhirError(Fault.PARAMETER, "`owner` must be the id of a user who reviews for the payer.")
    if purpose not in {None, SECOND_OPINION}:
        raise FhirError(Fault.PARAMETER, f"`purpose` must be {SECOND_OPINION}, or left out.")
    document = await resources.read(system.documents, call.reach, "Task", received.id)
    await _check_colleague(system, user, payer_of(document))
    owner, administrator = Identifier(USER_ID, user), call.grant.role is Role.ADMIN
    rule = assigned if purpose is None else asked
    act = _Act("assign", lambda hands: rule(hands, _self(call), owner, administrator=administrator), note, purpose)
    return await _owned(system, call, received, act)


async def _owned(system: System, call: Call, received: Received, act: _Act) -> Answer:
    return await retried(lambda: _change(system, call, received, act))


async def _change(system: System, call: Call, received: Received, act: _Act) -> Answer:
    document = await current_task(system, call, received)
    content = stored(document.body)
    hands = hands_of(content)
    try:
        owner = act.rule(hands)
    except NotAssignable as refused:
        raise FhirError(Fault.CONFLICT, str(refused)) from refused
    except NotTheirs as refused:
        raise FhirError(Fault.FORBIDDEN, str(refused)) from refused
    changed = with_owner(content, owner, call.now, second_opinion=act.purpose == SECOND_OPINION)
    changed = with_note(changed, _self(call).value, act.note, call.now)
    return await store_task(system, call, document, changed, _event(document, act, hands, owner))


def _event(document: Document, act: _Act, hands: Hands, owner: Identifier | None) -> Event:
    stated = {"purpose": act.purpose, "internal_note": act.note}
    detail = {"from": _named(hands.owner), "to": _named(owner)}
    return Event(
        act.name,
        payer_of(document),
        document.id,
        detail | {name: text for name, text in stated.items() if text},
    )


def _note(given: Arguments) -> str | None:
    """Return the note for colleagues; None without one. Raises FhirError PARAMETER if it is too long."""
    note = given.one("note") or None
    if note is not None and len(note) > LONGEST_NOTE:
        raise FhirError(Fault.PARAMETER, f"`note` must have at most {LONGEST_NOTE} characters.")
    return note


def _self(call: Call) -> Identifier:
    """Return the person who acts, or else the client."""
    return Identifier(USER_ID, call.grant.user) if call.grant.user else Identifier(CLIENT_ID, call.grant.client)


async def _check_colleague(system: System, user: str, payer: str) -> None:
    """Check that a user reviews for the payer. Raises FhirError UNPROCESSABLE, with one text for all faults."""
    row = await find(system.documents, User, user)
    if row is None or row.disabled or row.role not in REVIEWERS or payer not in row.payers:
        raise FhirError(Fault.UNPROCESSABLE, "`owner` must be the id of a user who reviews for the payer.")


def _named(owner: Identifier | None) -> str | None:
    return None if owner is None else owner.value
