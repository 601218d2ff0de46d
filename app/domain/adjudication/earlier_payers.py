"""Coordinate benefits: a payer that is not the primary one pays the part that the earlier payers have not paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from app.domain.billing import AdjudicationReason, Adjustment, BilledLine, BillingClaim, LineResult
from app.domain.covered import Covered
from app.domain.ledger import EXACT
from app.domain.line_result import because, plain


def lacks_earlier_answer(claim: BillingClaim, covered: Covered, day: date) -> bool:
    """Return whether an earlier payer must answer first.

    The payer's record of the coverage on the day, or the claim, says that there is one.
    """
    in_force = covered.on(day).coverages
    secondary = bool(in_force) and (in_force[0].order or 1) > 1
    return (secondary or claim.earlier_payers.number > 0) and claim.earlier_payers.paid is None


def less_earlier_payments(
    result: LineResult, line: BilledLine, claim: BillingClaim, reason: AdjudicationReason
) -> LineResult:
    """Take the payments of the earlier payers from the amount of a paid line. Its units are drawn in full."""
    paid = (claim.earlier_payers.paid or {}).get(line.number, Decimal(0))
    if not paid or not result.paid or result.paid_amount is None:
        return result
    subtracted = min(paid, result.paid_amount)
    amounts = f"Earlier payers paid {plain(paid)} {line.currency} for the line. {plain(subtracted)} is subtracted."
    notes = (because(reason), amounts)
    return replace(
        result,
        paid_amount=EXACT.subtract(result.paid_amount, subtracted),
        adjustments=(*result.adjustments, Adjustment(reason, Decimal(0), subtracted)),
        notes=(*result.notes, *notes) if result.adjustments else (*notes, *result.notes),
    )
