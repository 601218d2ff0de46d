"""`ClaimResponse/{id}/$decide`: a reviewer rules on pended items.

https://preauth.example.org/fhir/OperationDefinition/ClaimResponse-decide
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.covered import Covered
from app.domain.parts.reviewer import InternalNote, Reviewer
from app.domain.parts.ruling import ALL, Rulings
from app.domain.review.decide import decided
from app.domain.review.grounds import Grounds
from app.domain.review.not_decidable import AlreadyDecided, NotAllowed, NotDecidable
from app.domain.review.staging import release_time
from app.fhir.body import Unchecked
from app.fhir.outcome import Fault, FhirError, Issue
from app.pas.decisions.read_decision import read_decision
from app.records.views.responses import response_version
from app.records.worklist.tasks import task_of
from app.workflow import served
from app.workflow.bills.finish import finish_bills_soon
from app.workflow.call import Answer, Call, Received
from app.workflow.changes import actor_of, reviewed_change
from app.workflow.contention import retried
from app.workflow.current import current_request
from app.workflow.enroll import covered_on_record
from app.workflow.peer_to_peer.amend import amended, closed_talk, reopened, reopened_numbers
from app.workflow.requests.another_person import check_another_person
from app.workflow.requests.in_force import in_force, notices_of
from app.workflow.requests.terms import terms_of
from app.workflow.requests.under_appeal import check_not_appealed, first_received, sharing_units, still_denied
from app.workflow.system import System


async def decide(system: System, call: Call, received: Received) -> Answer:
    """Rule on pended items of the version that If-Match names, and store the next version of the ClaimResponse."""
    received.body.expect("Parameters")
    rulings = await system.aside(call, received, _read, system, received.body)
    async with system.contention.turn([received.id]):
        answer = await retried(lambda: _decide(system, call, received, rulings))
    await finish_bills_soon(system, received.id)
    return answer


def _read(system: System, body: Unchecked) -> Rulings:
    return read_decision(system.conformance.by_r4(body))


async def _decide(system: System, call: Call, received: Received, rulings: Rulings) -> Answer:
    response, stored = await current_request(system, call, received, "The decision")
    await check_another_person(system, _reviewer(call, rulings), stored.authorization)
    before = stored.authorization
    facts = _Facts(await _covered(system, before, rulings), await first_received(system, before))
    changed = await sharing_units(system, before, _ruled(system, call, before, rulings, facts))
    if before.peer_to_peer is not None and changed.peer_to_peer is None:
        await check_not_appealed(system, before)
    version = response_version(response, changed, call.now)
    change = reviewed_change(
        "decide",
        stored,
        changed,
        (version, *await closed_talk(system, before, changed, call.now)),
        task=await task_of(system.documents, received.id),
        detail=_detail(rulings),
        notices=notices_of(before, changed),
    )
    await system.commit(actor_of(call), change, await still_denied(system, before, changed))
    return served.recorded(served.answer(version.document))


class _Facts(NamedTuple):
    """The facts of a grant: the member's coverages, and the day of receipt of a request under appeal."""

    covered: Covered | None
    received: date | None


async def _covered(system: System, before: Authorization, rulings: Rulings) -> Covered | None:
    """Read the member's coverages, which only a grant needs. Without a policy, the payer has no members."""
    policy = system.payers.get(before.payer)
    if policy is None or all(ruling.action in {"deny", "cancel", "ask", "undo"} for ruling in rulings.items):
        return None
    return await covered_on_record(system, policy, before.patient, before.member)


def _ruled(system: System, call: Call, before: Authorization, rulings: Rulings, facts: _Facts) -> Authorization:
    terms, by = terms_of(system, before, call.now), _reviewer(call, rulings)
    waiting = reopened(before, rulings, terms.reasons)
    grounds = Grounds(
        today=terms.today,
        reasons=terms.reasons,
        covered=facts.covered,
        received=facts.received,
        by=by,
        cosign=terms.review.cosign,
        release=release_time(terms.review, call.now, before.due),
        at_once=reopened_numbers(before, waiting),
        draft=rulings.draft,
    )
    try:
        after = in_force(system, waiting, decided(waiting, rulings.items, grounds), terms, call.now)
    except NotDecidable as refused:
        place = f"Parameters.parameter[{_place(rulings, refused)}]"
        raise FhirError(_fault(refused), Issue(str(refused), place)) from refused
    after = amended(before, waiting, after)
    if rulings.internal_note is None:
        return after
    note = InternalNote(by.name, call.now, rulings.internal_note)
    return replace(after, internal_notes=(*before.internal_notes, note))


def _fault(refused: NotDecidable) -> Fault:
    match refused:
        case AlreadyDecided():
            return Fault.CONFLICT
        case NotAllowed():
            return Fault.FORBIDDEN
        case _:
            return Fault.UNPROCESSABLE


def _detail(rulings: Rulings) -> dict[str, Any]:
    """Return what the trail has of a decision beside its items."""
    stated = {"clinician": rulings.clinician, "internal_note": rulings.internal_note}
    return {name: text for name, text in stated.items() if text is not None}


def _reviewer(call: Call, rulings: Rulings) -> Reviewer:
    """Return the person of the token, or else its client."""
    return Reviewer(call.grant.client, call.grant.user, call.grant.role, rulings.clinician)


def _place(rulings: Rulings, refused: NotDecidable) -> int:
    """Return the position of the ruling that does not fit: the one on the item, else the one on all."""
    places = {ruling.number: ruling.place for ruling in rulings.items}
    return places[refused.number if refused.number in places else ALL]
