"""`Claim/$submit`: a prior authorization request is reviewed and answered; a billing claim goes to its own workflow.

http://hl7.org/fhir/us/davinci-pas/OperationDefinition/Claim-submit
"""

from __future__ import annotations

from app.domain.authorization import Authorization
from app.fhir.json import write
from app.pas.requests.read_request import SubmittedRequest, claim_use, read_request
from app.pas.requests.write_claim_response import answered
from app.pas.write_response import write_response
from app.ports import Write
from app.records.replays import Replay, replay_insert, replay_key, replayed
from app.workflow.bills.adjudicate import adjudicate_submitted
from app.workflow.contention import retried
from app.workflow.enroll import NOBODY, Enrolled, enroll
from app.workflow.parameters import unwrapped
from app.workflow.requestor import check_requestor
from app.workflow.requests.answer import other_person, recorded, reviewed, unknown_member, unknown_payer
from app.workflow.rows import first_rows
from app.workflow.system import Answer, Call, Received, System


async def submit(system: System, call: Call, received: Received) -> Answer:
    """Answer a PAS request Bundle; the same content from the same organization gets the same answer."""
    body = unwrapped(received)
    use = claim_use(body.resource)
    # A Claim by itself can only be a bill; the reader of bills says so where its use is no use at all.
    if use == "claim" or (body.resource["resourceType"] == "Claim" and use != "preauthorization"):
        return await adjudicate_submitted(system, call, body)
    key = await system.aside(call, body, replay_key, call.owner, call.edition.version, body.elements)
    async with system.contention.turn([key]):
        submitted: SubmittedRequest | None = None

        async def attempt() -> Answer:
            nonlocal submitted
            first = await replayed(system.documents, key)
            if first is not None:
                return Answer(first.body)
            if submitted is None:
                submitted = await system.aside(call, body, _read, system, call, body)
            return await _first_answer(system, call, body, submitted, key)

        return await retried(attempt)


def _read(system: System, call: Call, body: Received) -> SubmittedRequest:
    edition = call.edition
    known = system.conformance.by_profile(body.resource, body.text, edition.version, edition.request_bundle)
    submitted = read_request(body.resource, edition, known)
    check_requestor(system, call, submitted.request.requestor)
    return submitted


async def _first_answer(system: System, call: Call, body: Received, submitted: SubmittedRequest, key: str) -> Answer:
    record, enrolled = await _reviewed(system, call, body, submitted, key)
    replay, rows = await system.aside(call, body, _written, system, call, body, submitted, record)
    await system.documents.commit(*rows, *enrolled.writes, replay_insert(key, replay))
    return Answer(replay.body)


def _written(
    system: System, call: Call, body: Received, submitted: SubmittedRequest, record: Authorization
) -> tuple[Replay, list[Write]]:
    written = answered(record, call.edition)
    claim_response = written.in_references(submitted.face)
    full_url = f"{call.base}/ClaimResponse/{record.id}"
    answer = write(write_response(body.resource, claim_response, full_url, call.now, call.edition))
    return Replay(record.claim, answer), list(first_rows(system, call, body, submitted, written))


async def _reviewed(
    system: System, call: Call, body: Received, submitted: SubmittedRequest, key: str
) -> tuple[Authorization, Enrolled]:
    policy = system.payer_of(submitted.request.insurer)
    if policy is None:
        return recorded(system, call, submitted, unknown_payer(), (None, NOBODY)), NOBODY
    enrolled = await enroll(system, call, policy, submitted.request.member, key)
    if enrolled.contradiction is not None:
        verdict = other_person(submitted, enrolled.contradiction)
    elif not enrolled.patient:
        verdict = unknown_member(submitted)
    else:
        verdict = await system.aside(call, body, reviewed, system, call, submitted, policy)
    return recorded(system, call, submitted, verdict, (policy, enrolled)), enrolled
