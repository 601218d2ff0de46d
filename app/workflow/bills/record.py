"""The payer's record of a new billing claim."""

from __future__ import annotations

from app.domain.authorization import UNKNOWN_PAYER
from app.domain.bill.answered import answered_lines
from app.domain.bill.bill import Bill
from app.domain.billing import VOID, Adjudication, BillingClaim
from app.workflow.bills.payer_records import PayerRecords
from app.workflow.call import Call


def new_bill(
    call: Call, ids: tuple[str, str], claim: BillingClaim, adjudication: Adjudication, on_record: PayerRecords
) -> Bill:
    """Return the record of a claim with its answer; `ids` are those of its Claim and its ClaimResponse."""
    voids = claim.frequency == VOID
    known = tuple(stored.authorization for stored in on_record.drawable)
    return Bill(
        id=ids[0],
        response=ids[1],
        payer=on_record.policy.name if on_record.policy else UNKNOWN_PAYER,
        owner=call.owner,
        biller=claim.provider.npi or "",
        patient=on_record.enrolled.patient,
        received=call.now,
        lines=() if voids else answered_lines(claim, adjudication, on_record.before.keys, known),
        identifier=None if voids or on_record.fault is not None else claim.identifier,
        identifier_key="" if voids else _identifier_key(on_record),
        frequency=claim.frequency,
        replaces=None if on_record.reversal is None else on_record.reversal.stored.bill.id,
    )


def _identifier_key(on_record: PayerRecords) -> str:
    """Return the digest of the identifier, if the claim has it for itself or from the claim that it replaces."""
    key, reversal = on_record.before.keys.identifier, on_record.reversal
    inherited = reversal is not None and reversal.stored.bill.identifier_key == key
    return key if inherited or (on_record.before.namesake is None and on_record.fault is None) else ""
