"""`ClaimResponse/{id}/$decide`: a reviewer rules on pended items.

https://preauth.example.org/fhir/OperationDefinition/ClaimResponse-decide
"""

from __future__ import annotations

from functools import partial
from typing import Any

from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.authorization_number import mint
from app.domain.covered import Covered
from app.domain.decision import ReviewAction
from app.domain.parts.reviewer import InternalNote, Reviewer
from app.domain.review.decide import Grounds, decided
from app.domain.review.recourse import ruled_with_recourse
from app.domain.review.ruled_grant import AlreadyDecided, NotDecidable
from app.domain.review.ruling import ALL, Rulings
from app.domain.update.numbering import numbered
from app.fhir.body import Unchecked
from app.fhir.instants import next_moment
from app.fhir.outcome import Fault, FhirError, Issue
from app.pas.edition import edition
from app.pas.face import server_face
from app.pas.requests.read_decision import read_decision
from app.pas.requests.write_claim_response import write_claim_response
from app.pas.requests.write_former_numbers import with_former_numbers
from app.records import authorizations, resources
from app.records.authorizations import Stored
from app.records.subscriptions.topic_events import result_available
from app.records.worklist.tasks import task_of
from app.workflow import served
from app.workflow.call import Answer, Call, Received
from app.workflow.changes import actor_of, reviewed_change
from app.workflow.contention import retried
from app.workflow.enroll import covered_on_record
from app.workflow.requests.terms import terms_of
from app.workflow.system import System


async def decide(system: System, call: Call, received: Received) -> Answer:
    """Rule on pended items of the version that If-Match names, and store the next version of the ClaimResponse."""
    received.body.expect("Parameters")
    rulings = await system.aside(call, received, _read, system, received.body)
    async with system.contention.turn([received.id]):
        return await retried(lambda: _decide(system, call, received, rulings))


def _read(system: System, body: Unchecked) -> Rulings:
    return read_decision(system.conformance.by_r4(body))


async def _decide(system: System, call: Call, received: Received, rulings: Rulings) -> Answer:
    document = await resources.read(system.documents, call.reach, "ClaimResponse", received.id)
    served.match_required(document, received.if_match, "The decision")
    stored = await authorizations.by_id(system.documents, received.id)
    if stored is None:
        raise FhirError(
            Fault.UNPROCESSABLE, "This ClaimResponse answers a billing claim. Only answers to requests can be decided."
        )
    covered = await _covered(system, stored.authorization, rulings)
    changed = _ruled(system, call, stored, rulings, covered)
    claim_response = write_claim_response(changed, server_face(changed), edition(changed.edition))
    version = resources.next_version(document, with_former_numbers(claim_response, changed), call.now)
    task = await task_of(system.documents, received.id)
    notices = (result_available(changed),)
    change = reviewed_change("decide", stored, changed, (version,), task=task, detail=_detail(rulings), notices=notices)
    await system.commit(actor_of(call), change)
    return served.recorded(served.answer(version.document))


async def _covered(system: System, before: Authorization, rulings: Rulings) -> Covered | None:
    """Read the member's coverages, which only a grant needs. Without a policy, the payer has no members."""
    policy = system.payers.get(before.payer)
    if policy is None or all(ruling.action in {"deny", "cancel"} for ruling in rulings.items):
        return None
    return await covered_on_record(system, policy, before.patient, before.member)


def _ruled(system: System, call: Call, stored: Stored, rulings: Rulings, covered: Covered | None) -> Authorization:
    before = stored.authorization
    terms, by = terms_of(system, before, call.now), _reviewer(call, rulings)
    try:
        ruled = decided(before, rulings.items, Grounds(terms.today, terms.reasons, covered, by))
        after = ruled_with_recourse(before, ruled, terms.appeal)
    except NotDecidable as refused:
        fault = Fault.CONFLICT if isinstance(refused, AlreadyDecided) else Fault.UNPROCESSABLE
        raise FhirError(fault, Issue(str(refused), f"Parameters.parameter[{_place(rulings, refused)}]")) from refused
    pended = any(item.decision.action is ReviewAction.PENDED for item in after.items)
    after = numbered(before, after, partial(mint, terms.prefix, system.ids.characters))
    note = rulings.internal_note
    return replace(
        after,
        due=before.due if pended else None,
        updated=next_moment(call.now, before.updated),
        internal_notes=(*before.internal_notes, *([] if note is None else [InternalNote(by.name, call.now, note)])),
    )


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
