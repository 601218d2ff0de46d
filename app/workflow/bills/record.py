"""The payer's record of a new billing claim."""

from __future__ import annotations

from app.domain.authorization import UNKNOWN_PAYER
from app.domain.bill.answered import answered_lines
from app.domain.bill.bill import Bill
from app.domain.billing import Adjudication, BillingClaim
from app.workflow.bills.payer_records import PayerRecords
from app.workflow.call import Call


def new_bill(
    call: Call, ids: tuple[str, str], claim: BillingClaim, adjudication: Adjudication, on_record: PayerRecords
) -> Bill:
    """Return the record of a claim with its answer; `ids` are those of its Claim and its ClaimResponse."""
    known = tuple(stored.authorization for stored in on_record.drawable)
    return Bill(
        id=ids[0],
        response=ids[1],
        payer=on_record.policy.name if on_record.policy else UNKNOWN_PAYER,
        owner=call.owner,
        biller=claim.provider.npi or "",
        patient=on_record.enrolled.patient,
        received=call.now,
        lines=answered_lines(claim, adjudication, on_record.before.keys, known),
        identifier=claim.identifier,
    )
