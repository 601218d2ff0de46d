"""Check the earlier claim that a claim replaces or voids. Only the latest claim of a chain can be corrected."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.bill.bill import Bill, BillState, LineAnswer
from app.domain.billing import VOID, BillingClaim
from app.domain.parts.billing_terms import BillingTerms
from app.domain.parts.claim_fault import ClaimFault


def fault_of_original(claim: BillingClaim, original: Bill | None, terms: BillingTerms) -> ClaimFault | None:
    """Return why the claim cannot replace or void the original; None if it can.

    A void of a void is no fault: it changes nothing.
    """
    if original is None:
        return ClaimFault(AdjustmentKey.ORIGINAL_UNKNOWN)
    voids = claim.frequency == VOID
    if original.state is BillState.REPLACED:
        return ClaimFault(AdjustmentKey.ORIGINAL_REPLACED, (f"Later claim: Claim/{original.replaced_by}.",))
    if original.state is BillState.VOIDED:
        return None if voids else ClaimFault(AdjustmentKey.ORIGINAL_VOIDED)
    denied = all(line.answer is LineAnswer.DENIED for line in original.lines)
    if denied and not voids and terms.denied_original == "deny":
        return ClaimFault(AdjustmentKey.ORIGINAL_DENIED)
    return None


def in_force(bills: list[Bill]) -> Bill | None:
    """Return the bill that a name means: the latest in force, or else the latest. A void cannot be corrected."""
    correctable = [bill for bill in bills if bill.frequency != VOID]
    standing = [bill for bill in correctable if bill.is_in_force]
    return next(reversed(standing or correctable), None)
