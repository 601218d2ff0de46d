"""Answer the lines of a billing claim from the payer's records."""

from __future__ import annotations

from msgspec.structs import replace

from app.bills.read_claim import SubmittedBillingClaim
from app.domain.adjudication.adjudicate import adjudicate
from app.domain.adjudication.denial import denies
from app.domain.adjudication.facts import BillingFacts
from app.domain.billing import VOID, Adjudication, BillingClaim
from app.domain.matching.comparisons import TooManyComparisons
from app.fhir.outcome import Fault, FhirError, Issue
from app.workflow.bills.facts import billing_facts
from app.workflow.bills.original import paid_by_replacement, voided
from app.workflow.bills.payer_records import PayerRecords, biller_of, read_on_file
from app.workflow.call import Call, Received
from app.workflow.system import System


async def answered(
    system: System, call: Call, received: Received, submitted: SubmittedBillingClaim, on_record: PayerRecords
) -> tuple[SubmittedBillingClaim, Adjudication, PayerRecords]:
    """Answer each line, and return the records that the answer stands on.

    The lines of a void are those of the original, with the opposite signs.
    """
    claim = submitted.billing_claim
    if claim.frequency == VOID and on_record.original is not None and on_record.fault is None:
        return *voided(submitted, on_record.original.bill, takes_back=on_record.reversal is not None), on_record
    facts = billing_facts(system, claim, on_record, call.now)
    adjudication = await system.aside(call, received, _adjudication, claim, facts)
    unauthorized = (line.paid and (facts.terms.referrals or not line.draws) for line in adjudication.lines)
    if on_record.on_file is None and any(unauthorized):
        # A service that needs no number is still denied if the payer denied it beforehand. A draw may be a referral's.
        own = await read_on_file(system, biller_of(call, on_record.enrolled))
        if any(denies(stored.authorization) for stored in own):
            on_record = replace(on_record, on_file=own)
            facts = billing_facts(system, claim, on_record, call.now)
            adjudication = await system.aside(call, received, _adjudication, claim, facts)
    repays = on_record.reversal is not None and on_record.reversal.stored.bill.is_paid
    return submitted, paid_by_replacement(adjudication) if repays else adjudication, on_record


def _adjudication(claim: BillingClaim, facts: BillingFacts) -> Adjudication:
    try:
        return adjudicate(claim, facts)
    except TooManyComparisons as error:
        text = (
            "The Claim has too many different lines for the authorizations on file. Send the lines in several Claims."
        )
        raise FhirError(Fault.UNPROCESSABLE, Issue(text, "Claim.item", "too-costly")) from error
