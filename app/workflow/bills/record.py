"""The payer's record of a new billing claim."""

from __future__ import annotations

from app.bills.read_claim import SubmittedBillingClaim
from app.domain.authorization import UNKNOWN_PAYER, RequestWarning
from app.domain.bill.again import may_change
from app.domain.bill.answered import answered_lines
from app.domain.bill.bill import Bill, BillState
from app.domain.bill.open_claim import OpenClaim
from app.domain.billing import VOID, Adjudication, BillingClaim
from app.pas.parts.read_warnings import kept_warnings
from app.workflow.bills.payer_records import PayerRecords
from app.workflow.call import Call


def new_bill(
    call: Call,
    ids: tuple[str, str],
    submitted: SubmittedBillingClaim,
    adjudication: Adjudication,
    on_record: PayerRecords,
) -> Bill:
    """Return the record of a claim with its answer; `ids` are those of its Claim and its ClaimResponse."""
    claim, warnings = submitted.billing_claim, kept_warnings(submitted.warnings)
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
        state=BillState.PENDING if adjudication.waits_for else BillState.ANSWERED,
        replaces=None if on_record.reversal is None else on_record.reversal.stored.bill.id,
        waits_for=adjudication.waits_for,
        open_claim=_open_claim(call, claim, adjudication, warnings),
    )


def _open_claim(
    call: Call, claim: BillingClaim, adjudication: Adjudication, warnings: tuple[RequestWarning, ...]
) -> OpenClaim | None:
    if not any(map(may_change, adjudication.lines)):
        return None
    npis = tuple(sorted(call.grant.npis))
    return OpenClaim(claim, adjudication.lines, call.organizations, npis, warnings)


def _identifier_key(on_record: PayerRecords) -> str:
    """Return the digest of the identifier, if the claim has it for itself or from the claim that it replaces."""
    key, reversal = on_record.before.keys.identifier, on_record.reversal
    inherited = reversal is not None and reversal.stored.bill.identifier_key == key
    return key if inherited or (on_record.before.namesake is None and on_record.fault is None) else ""
