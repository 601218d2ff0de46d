"""Preview the answer to a billing claim: a Claim of `use = predetermination` draws nothing and stores nothing."""

from __future__ import annotations

from app.audit.access import Access, Interaction
from app.bills.write_adjudication import write_adjudication
from app.bills.write_risk import write_risks
from app.domain.adjudication.numbers import claimed_numbers
from app.domain.authorization import UNKNOWN_PAYER
from app.domain.bill.preview import previewed
from app.fhir.json import write
from app.pas.parts.read_warnings import kept_warnings
from app.pas.write_response import write_response
from app.records.replays import replay_keys
from app.workflow.bills.answered import answered
from app.workflow.bills.parties import with_references
from app.workflow.bills.payer_records import PayerRecords, read_records
from app.workflow.call import Answer, Call, Received
from app.workflow.changes import Change, actor_of
from app.workflow.metrics.risk_of_claim import risks_of
from app.workflow.requestor import acting_for
from app.workflow.served import recorded
from app.workflow.system import System


async def preview_submitted(system: System, call: Call, received: Received) -> Answer:
    """Answer a dry run of `Claim/$submit` by the rules of a bill. It leaves an AuditEvent only.

    The ClaimResponse is not stored, so its id finds nothing.
    """
    submitted = await with_references(system, call, received)
    claim = submitted.billing_claim
    call = acting_for(system, call, claim.provider, claim.sender_ids)
    keys = await system.aside(call, received, replay_keys, [call.owner], "dry run", received.body.elements)
    async with system.contention.turn([claim.member.member_id, *claimed_numbers(claim)]):
        on_record = await read_records(system, call, received, submitted, keys[call.owner])
        submitted, adjudication, on_record = await answered(system, call, received, submitted, on_record)
    policy = on_record.policy
    reasons = policy.adjudication_reasons if policy else system.shipped.adjudication_reasons
    response_id = system.ids.new()
    response = write_adjudication(
        response_id,
        submitted.billing_claim,
        previewed(adjudication, reasons),
        submitted.face,
        call.now,
        warnings=kept_warnings(submitted.warnings),
    )
    risks = write_risks(await risks_of(system, call, policy.name if policy else UNKNOWN_PAYER, claim))
    response |= {"extension": risks} if risks else {}
    await system.commit(actor_of(call), *_changes(on_record))
    if submitted.index.entries:
        full_url = f"urn:uuid:{response_id}"
        response = write_response(submitted.index, response, full_url, call.now, call.edition)
    return recorded(Answer(write(response)))


def _changes(on_record: PayerRecords) -> tuple[Change, Change]:
    """Return the event of the access, and the count of a wrong guess at a member, as a bill leaves them."""
    enrolled, policy = on_record.enrolled, on_record.policy
    access = Access(
        interaction=Interaction.CREATE,
        payers=(policy.name if policy else UNKNOWN_PAYER,),
        patient=enrolled.patient,
        operation="$submit",
    )
    return Change(accesses=(access,)), enrolled.change if enrolled.contradiction is not None else Change()
