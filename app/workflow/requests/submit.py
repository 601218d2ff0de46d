"""`Claim/$submit`: review and answer a prior authorization request, or pass a billing claim to its own workflow.

http://hl7.org/fhir/us/davinci-pas/OperationDefinition/Claim-submit
"""

from __future__ import annotations

from msgspec import Struct

from app.access.grant import Role
from app.domain.authorization import Authorization
from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError
from app.pas.face import server_face
from app.pas.requests.read_request import SubmittedRequest, claim_use, read_request
from app.pas.requests.write_claim_response import answered
from app.pas.write_claim import write_claim
from app.pas.write_response import write_response
from app.policy.eligibility import is_eligible
from app.ports import Write
from app.records import resources
from app.records.replays import Replay, find_replay, replay_keys
from app.records.resources import Version
from app.records.submissions import Submission
from app.workflow.bills.adjudicate import adjudicate_submitted
from app.workflow.call import Answer, Call, Received
from app.workflow.changes import actor_of, readers, reviewed_change, rows
from app.workflow.contention import retried
from app.workflow.enroll import NOBODY, Enrolled, enroll
from app.workflow.parameters import unwrapped
from app.workflow.requestor import acting_for
from app.workflow.requests.answer import (
    OnRecord,
    not_eligible,
    other_person,
    recorded,
    reviewed,
    unknown_member,
    unknown_payer,
)
from app.workflow.requests.earlier import read_earlier
from app.workflow.served import repeated
from app.workflow.system import System


async def submit(system: System, call: Call, received: Received) -> Answer:
    """Answer a PAS request Bundle. The same content from the same organization gets the same answer."""
    received = await unwrapped(system, call, received)
    use = claim_use(received.body)
    # A bare Claim can only be a billing claim; its reader reports a missing or unknown use.
    if use == "claim" or (received.body.type == "Claim" and use != "preauthorization"):
        return await adjudicate_submitted(system, call, received)
    if call.grant.role is Role.BILLER:
        raise FhirError(Fault.FORBIDDEN, "A biller's client may submit billing claims only, no requests.")
    received.body.expect("Bundle")
    keys = await system.aside(
        call, received, replay_keys, call.organizations, call.edition.version, received.body.elements
    )
    async with system.contention.turn([keys[call.owner]]):
        submitted: SubmittedRequest | None = None

        async def attempt() -> Answer:
            nonlocal submitted
            first = await find_replay(system.documents, list(keys.values()))
            if first is not None:
                return await repeated(system.documents, first)
            if submitted is None:
                submitted = await system.aside(call, received, _read, system, call, received)
            acting = acting_for(system, call, submitted.request.requestor, submitted.request.sender_ids)
            return await _first_answer(system, acting, received, submitted, keys[acting.owner])

        return await retried(attempt)


def _read(system: System, call: Call, received: Received) -> SubmittedRequest:
    edition = call.edition
    checked = system.conformance.by_profile(received.body, edition.version, edition.request_bundle)
    return read_request(checked, edition)


class _Reviewed(Struct, frozen=True):
    """A request with the payer's record of it, the member's enrollment, and the key of the replay."""

    submitted: SubmittedRequest
    record: Authorization
    enrolled: Enrolled
    key: str


async def _first_answer(
    system: System, call: Call, received: Received, submitted: SubmittedRequest, key: str
) -> Answer:
    record, enrolled = await _review(system, call, received, submitted, key)
    reviewed = _Reviewed(submitted, record, enrolled, key)
    answer, writes = await system.aside(call, received, _written, system, call, received, reviewed)
    await system.documents.commit(*writes)
    return Answer(answer, recorded=True)


def _written(system: System, call: Call, received: Received, reviewed: _Reviewed) -> tuple[str, list[Write]]:
    """Write the answer, and the rows of the commit."""
    record = reviewed.record
    response = answered(record, call.edition)
    claim_response = response.in_references(reviewed.submitted.face)
    full_url = f"{call.base}/ClaimResponse/{record.id}"
    answer = write(write_response(reviewed.submitted.index, claim_response, full_url, call.now, call.edition))
    face, access = server_face(record), readers(record.payer, record.owner, record.patient)
    served = (write_claim(reviewed.submitted, record.claim, face), response.in_references(face))
    change = reviewed_change(
        "submit",
        None,
        record,
        tuple(Version(resources.row(resource, access=access, now=call.now)) for resource in served),
        submission=Submission(record.id, received.body.text),
        replay=Replay(reviewed.key, record.claim, answer),
    )
    return answer, rows(actor_of(call), system.ids, change, reviewed.enrolled.change)


async def _review(
    system: System, call: Call, received: Received, submitted: SubmittedRequest, key: str
) -> tuple[Authorization, Enrolled]:
    policy = system.payer_of(submitted.request.insurer)
    if policy is None:
        return recorded(system, call, submitted, unknown_payer(), (None, NOBODY)), NOBODY
    enrolled = await enroll(system, call, policy, submitted.request.member, key)
    if enrolled.contradiction is not None:
        verdict = other_person(submitted, enrolled.contradiction)
    elif not enrolled.patient:
        verdict = unknown_member(submitted, policy, enrolled)
    elif not is_eligible(submitted.request, policy.day(call.now), enrolled.covered):
        verdict = not_eligible(submitted)
    else:
        earlier = await read_earlier(system, policy, enrolled, submitted.request)
        on_record = OnRecord(policy, enrolled.covered, earlier)
        verdict = await system.aside(call, received, reviewed, system, call, submitted, on_record)
    return recorded(system, call, submitted, verdict, (policy, enrolled)), enrolled
