"""Coordinate benefits: a payer that is not the primary one pays the part that the earlier payers have not paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from app.domain.adjustment_key import AdjustmentKey
from app.domain.billing import AdjudicationReason, Adjustment, BilledLine, BillingClaim, EarlierPayers, LineResult
from app.domain.covered import Covered
from app.domain.ledger import EXACT, total
from app.domain.line_result import because, plain

NOTHING = Decimal(0)


def lacks_earlier_answer(claim: BillingClaim, covered: Covered, day: date) -> bool:
    """Return whether an earlier payer must answer first.

    The payer's record of the coverage on the day, or the claim, says that there is one.
    """
    in_force = covered.on(day).coverages
    secondary = bool(in_force) and (in_force[0].order or 1) > 1
    return (secondary or claim.earlier_payers.number > 0) and claim.earlier_payers.paid is None


class EarlierPayments:
    """The payments of the earlier payers that no line has used up while one claim is answered.

    A payment for a line counts on that line. A payment for the whole claim counts on the paid lines, from the first on.
    """

    __slots__ = ("_by_line", "_whole")

    def __init__(self, payers: EarlierPayers) -> None:
        self._by_line = payers.paid or {}
        self._whole = payers.whole

    def share_of(self, line: BilledLine, payable: Decimal) -> Decimal:
        """Return the payments for a line of which an amount is payable."""
        own = self._by_line.get(line.number, NOTHING)
        return EXACT.add(own, min(self._whole, max(EXACT.subtract(payable, own), NOTHING)))

    def take(self, line: BilledLine, result: LineResult) -> None:
        """Record what the answer to a line has subtracted."""
        of_payers = (each for each in result.adjustments if each.reason.key == AdjustmentKey.PRIMARY_PAYMENT)
        subtracted = total(each.amount for each in of_payers if each.amount is not None)
        own = self._by_line.get(line.number, NOTHING)
        self._whole = EXACT.subtract(self._whole, max(EXACT.subtract(subtracted, own), NOTHING))


def less_earlier_payments(
    result: LineResult, line: BilledLine, payments: EarlierPayments, reason: AdjudicationReason
) -> LineResult:
    """Take the payments of the earlier payers from the amount of a paid line. Its units are drawn in full."""
    if not result.paid or result.paid_amount is None:
        return result
    paid = payments.share_of(line, result.paid_amount)
    if not paid:
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
