"""A billing claim is matched to the authorizations whose numbers it carries, draws units, and is answered."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from app.access.grant import Role
from app.bills.read_claim import SubmittedBill
from app.bills.write_adjudication import write_adjudication
from app.domain.adjudication import BillingFacts, adjudicate, claimed_numbers
from app.domain.authorization import Authorization
from app.domain.billing import Adjudication, BillingClaim
from app.domain.ledger import check_balance
from app.domain.matching.comparisons import TooCostly
from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError, Issue
from app.pas.face import Face
from app.pas.parts.read_warnings import kept_warnings
from app.pas.requests.read_request import claim_use
from app.pas.write_response import write_response
from app.policy.policy import Policy
from app.ports import Write
from app.records import authorizations, ledger, resources
from app.records.authorizations import Participant, Stored
from app.records.replays import Replay, find_replay, replay_key
from app.workflow.bills.change import Bill, billing_change
from app.workflow.bills.parties import server_face_of_bill, with_references
from app.workflow.changes import actor_of, rows
from app.workflow.contention import retried
from app.workflow.enroll import NOBODY, Enrolled, enroll
from app.workflow.requestor import check_requestor
from app.workflow.served import created
from app.workflow.system import Answer, Call, Received, System


class Found(Struct, frozen=True):
    """What the payer has on a bill: who it is for, and the authorizations it may be told of.

    `named` are those that its numbers name, `on_file` the member's own where a line carries none; the biller takes part
    in each. What others hold does not exist for this bill, so that every answer is that of an unknown number.
    """

    policy: Policy | None
    enrolled: Enrolled
    named: dict[str, Stored]
    on_file: tuple[Authorization, ...]


async def adjudicate_submitted(system: System, call: Call, received: Received) -> Answer:
    """Answer a billing claim that came through `Claim/$submit`: a ClaimResponse, or a Bundle where it came in one."""
    return Answer((await _adjudicated(system, call, received)).body)


async def create_claim(system: System, call: Call, received: Received) -> Answer:
    """Take a billing claim by FHIR create: 201 with the Claim; its ClaimResponse is there, by `request`."""
    if call.grant.role is not Role.PROVIDER:
        raise FhirError(Fault.FORBIDDEN, "A billing claim is created by a provider's client.")
    if claim_use(received.body) == "preauthorization":
        text = "A Claim with use preauthorization is submitted as a PAS request Bundle to Claim/$submit."
        raise FhirError(Fault.UNPROCESSABLE, Issue(text, "Claim.use", "business-rule"))
    replay = await _adjudicated(system, call, received)
    return created(await resources.read(system.documents, call.reach, "Claim", replay.resource), call.base)


async def _adjudicated(system: System, call: Call, received: Received) -> Replay:
    # A Claim by itself is answered alike in every edition; a Bundle is answered with one.
    bundled = received.body.type == "Bundle"
    kind = f"bill {call.edition.version}" if bundled else "bill"
    key = await system.aside(call, received, replay_key, call.owner, kind, received.body.elements)
    first = await find_replay(system.documents, key)
    if first is not None:
        return first
    submitted = await with_references(system, call, received)
    check_requestor(system, call, submitted.bill.provider)

    async def attempt() -> Replay:
        again = await find_replay(system.documents, key)
        return again or await _first_answer(system, call, received, submitted, key)

    async with system.contention.turn([key, *claimed_numbers(submitted.bill)]):
        return await retried(attempt)


async def _first_answer(system: System, call: Call, received: Received, submitted: SubmittedBill, key: str) -> Replay:
    found = await _find(system, call, submitted.bill, key)
    adjudication = await system.aside(call, received, _answered, submitted.bill, _facts(system, found))
    claim = system.ids.new()
    bill = Bill(
        claim=claim,
        response=system.ids.new(),
        text=received.body.text,
        face=server_face_of_bill(claim, submitted.bill, found.policy, found.enrolled),
        policy=found.policy,
        enrolled=found.enrolled,
        submitted=submitted,
        adjudication=adjudication,
        warnings=kept_warnings(submitted.warnings),
    )
    replay, writes = await system.aside(call, received, _rows, system, call, bill, found, key)
    await system.documents.commit(*writes)
    return replay


def _rows(system: System, call: Call, bill: Bill, found: Found, key: str) -> tuple[Replay, list[Write]]:
    response = _written(call, bill, bill.face)
    replay = Replay(key, bill.claim, _answer(call, bill, response))
    change = billing_change(call, bill, response, found.named.values(), replay)
    return replay, rows(actor_of(call), system.ids, change, found.enrolled.change)


def _answered(bill: BillingClaim, facts: BillingFacts) -> Adjudication:
    try:
        return adjudicate(bill, facts)
    except TooCostly as refused:
        text = "The lines of the Claim are too many and too different for the authorizations on file; send it in parts."
        raise FhirError(Fault.UNPROCESSABLE, Issue(text, "Claim.item", "too-costly")) from refused


async def _find(system: System, call: Call, bill: BillingClaim, key: str) -> Found:
    policy = system.payer_of(bill.insurer)
    if policy is None:
        return Found(None, NOBODY, {}, ())
    enrolled = await enroll(system, call, policy, bill.member, key)
    biller = Participant(enrolled.patient, call.owner, tuple(sorted(call.grant.npis)))
    named: dict[str, Stored] = {}
    for number in claimed_numbers(bill):
        stored = await authorizations.by_number(system.documents, policy.name, number, biller)
        if stored is not None:
            # The record first: entries that are committed meanwhile make its version stale, or the ledger unbalanced.
            check_balance(stored.authorization, await ledger.entries_of(system.documents, stored.authorization.id))
            named[number] = stored
    unnumbered = not bill.numbers and any(line.number is None for line in bill.lines)
    on_file = await authorizations.of_participant(system.documents, biller) if unnumbered and enrolled.patient else []
    return Found(policy, enrolled, named, tuple(on_file))


def _facts(system: System, found: Found) -> BillingFacts:
    policy = found.policy
    return BillingFacts(
        authorizations={number: stored.authorization for number, stored in found.named.items()},
        patient=found.enrolled.patient or None,
        payer_known=policy is not None,
        on_file=found.on_file,
        requires_authorization=policy.needs_authorization if policy else lambda _: True,
        over_limit=policy.over_limit if policy else "pay-up-to",
        reasons=system.adjudication_reasons,
    )


def _answer(call: Call, bill: Bill, response: dict[str, Any]) -> str:
    """Answer a bare Claim in this server's references, a Bundle in its sender's."""
    index = bill.submitted.index
    if not index.entries:
        return write(response)
    theirs = _written(call, bill, bill.submitted.face)
    full_url = f"{call.base}/ClaimResponse/{bill.response}"
    return write(write_response(index, theirs, full_url, call.now, call.edition))


def _written(call: Call, bill: Bill, face: Face) -> dict[str, Any]:
    answered = bill.submitted.bill
    return write_adjudication(bill.response, answered, bill.adjudication, face, call.now, warnings=bill.warnings)
