"""Answer a billing claim: match it with the authorizations whose numbers it has, and draw units from them."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from app.access.grant import OF_PROVIDERS
from app.bills.read_claim import DRY_RUN, SubmittedBillingClaim
from app.bills.write_adjudication import write_adjudication
from app.domain.adjudication.numbers import claimed_numbers
from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError, Issue
from app.pas.face import Face
from app.pas.parts.read_warnings import kept_warnings
from app.pas.requests.read_request import claim_use
from app.pas.write_response import write_response
from app.ports import Write
from app.records import resources
from app.records.replays import Replay, find_replay, replay_keys
from app.records.views.responses import responses_of
from app.workflow.bills.answered import answered
from app.workflow.bills.change import AdjudicatedClaim, billing_change
from app.workflow.bills.original import superseded
from app.workflow.bills.parties import server_face_of_claim, with_references
from app.workflow.bills.payer_records import PayerRecords, read_records
from app.workflow.bills.record import new_bill
from app.workflow.bills.repeats import billed_rows
from app.workflow.call import Answer, Call, Received
from app.workflow.changes import actor_of, rows
from app.workflow.contention import retried
from app.workflow.requestor import acting_for
from app.workflow.served import created, recorded, repeated
from app.workflow.system import System


async def adjudicate_submitted(system: System, call: Call, received: Received) -> Answer:
    """Answer a billing claim of `Claim/$submit`: with a ClaimResponse, or with a Bundle if the claim came in one."""
    adjudicated = await _adjudicated(system, call, received)
    if adjudicated.repeated:
        return await repeated(system.documents, adjudicated.replay)
    return recorded(Answer(adjudicated.replay.body))


async def create_claim(system: System, call: Call, received: Received) -> Answer:
    """Create a billing claim: answer 201 with the Claim. A search by `request` finds its ClaimResponse."""
    if call.grant.role not in OF_PROVIDERS:
        raise FhirError(Fault.FORBIDDEN, "Only a provider's client may create a billing claim.")
    use = claim_use(received.body)
    if use == DRY_RUN:
        text = "A Claim with use predetermination is a dry run, which is not stored. Submit it to Claim/$submit."
        raise FhirError(Fault.UNPROCESSABLE, Issue(text, "Claim.use", "business-rule"))
    if use == "preauthorization":
        text = "A Claim with use preauthorization must be submitted as a PAS request Bundle to Claim/$submit."
        raise FhirError(Fault.UNPROCESSABLE, Issue(text, "Claim.use", "business-rule"))
    adjudicated = await _adjudicated(system, call, received)
    claim = await resources.read(system.documents, call.reach, "Claim", adjudicated.replay.resource)
    answer = created(claim, call.base)
    return answer if adjudicated.repeated else recorded(answer)


class _Adjudicated(Struct, frozen=True):
    """The answer to a billing claim; `repeated` means that an earlier request got it first."""

    replay: Replay
    repeated: bool


async def _adjudicated(system: System, call: Call, received: Received) -> _Adjudicated:
    # The answer to a bare Claim is the same in every edition; the answer to a Bundle is a Bundle of the edition.
    bundled = received.body.type == "Bundle"
    kind = f"bill {call.edition.version}" if bundled else "bill"
    keys = await system.aside(call, received, replay_keys, call.organizations, kind, received.body.elements)
    first = await find_replay(system.documents, list(keys.values()))
    if first is not None:
        return _Adjudicated(first, repeated=True)
    submitted = await with_references(system, call, received)
    claim = submitted.billing_claim
    call = acting_for(system, call, claim.provider, claim.sender_ids)
    key = keys[call.owner]

    async def attempt() -> _Adjudicated:
        again = await find_replay(system.documents, list(keys.values()))
        if again is not None:
            return _Adjudicated(again, repeated=True)
        return _Adjudicated(await _first_answer(system, call, received, submitted, key), repeated=False)

    # Bills for one member write the same rows.
    async with system.contention.turn([key, claim.member.member_id, *claimed_numbers(claim)]):
        return await retried(attempt)


async def _first_answer(
    system: System, call: Call, received: Received, submitted: SubmittedBillingClaim, key: str
) -> Replay:
    ids = system.ids.new(), system.ids.new()
    on_record = await read_records(system, call, received, submitted, key)
    submitted, adjudication, on_record = await answered(system, call, received, submitted, on_record)
    bill = new_bill(call, ids, submitted, adjudication, on_record)
    adjudicated = AdjudicatedClaim(
        text=received.body.text,
        face=server_face_of_claim(bill.id, submitted.billing_claim, on_record.policy, on_record.enrolled),
        policy=on_record.policy,
        submitted=submitted,
        adjudication=adjudication,
        bill=bill,
        billed=billed_rows(on_record.before, adjudication, bill),
        warnings=kept_warnings(submitted.warnings),
        responses=await responses_of(system.documents, adjudication.drawn_on | on_record.reversed_from),
    )
    replay, writes = await system.aside(call, received, _rows, system, call, adjudicated, on_record, key)
    await system.documents.commit(*writes)
    return replay


def _rows(
    system: System, call: Call, adjudicated: AdjudicatedClaim, on_record: PayerRecords, key: str
) -> tuple[Replay, list[Write]]:
    response = _response(call, adjudicated, adjudicated.face)
    replay = Replay(key, adjudicated.bill.id, _answer(call, adjudicated, response))
    reversal = on_record.reversal
    drawn = () if reversal is None else reversal.drawn.values()
    releases = () if reversal is None else reversal.releases_by(adjudicated.bill.id)
    change = billing_change(call, adjudicated, response, (*on_record.drawable, *drawn), replay, releases=releases)
    changes = [change, on_record.enrolled.change]
    if reversal is not None:
        changes.append(superseded(reversal, adjudicated.bill, call, adjudicated.day(call.now)))
    return replay, rows(actor_of(call), system.ids, *changes)


def _answer(call: Call, adjudicated: AdjudicatedClaim, response: dict[str, Any]) -> str:
    """Write the answer: to a bare Claim in this server's references, to a Bundle in the submitter's."""
    index = adjudicated.submitted.index
    if not index.entries:
        return write(response)
    response = _response(call, adjudicated, adjudicated.submitted.face)
    full_url = f"{call.base}/ClaimResponse/{adjudicated.bill.response}"
    return write(write_response(index, response, full_url, call.now, call.edition))


def _response(call: Call, adjudicated: AdjudicatedClaim, face: Face) -> dict[str, Any]:
    claim = adjudicated.submitted.billing_claim
    return write_adjudication(
        adjudicated.bill.response, claim, adjudicated.adjudication, face, call.now, warnings=adjudicated.warnings
    )
