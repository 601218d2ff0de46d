"""The answer to a void: that to the original with the opposite signs, as a payer's remittance reverses a claim."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from app.domain.bill.bill import AnsweredAdjustment, AnsweredLine, Bill
from app.domain.billing import AdjudicationReason, Adjustment, BilledLine, LineResult

REVERSED_BY_VOID = "N693"
REVERSED_BY_REPLACEMENT = "N694"
PAID_BY_REPLACEMENT = "N377"
VOIDED_BEFORE = "N547"
"""The RARCs of reversals. They inform, and stand beside no adjustment of their own."""

ZERO = Decimal(0)

ReversedLine = tuple[BilledLine, LineResult]


def reversed_lines(original: Bill) -> list[ReversedLine]:
    """Return the lines of the original and their answers, with the opposite signs."""
    note = f"The claim is void. The payment and the authorized units of Claim/{original.id} are taken back."
    return [_reversed(line, note) for line in original.lines]


def unchanged_lines(original: Bill) -> list[ReversedLine]:
    """Return the lines of an original that is void already: nothing is taken back a second time."""
    note = f"Claim/{original.id} was void before. Nothing changes."
    nothing = [replace(line, charged=_zero(line.charged), paid=_zero(line.paid)) for line in original.lines]
    return [
        (billed, replace(result, remarks=(VOIDED_BEFORE,), notes=(note,)))
        for billed, result in (_reversed(replace(line, units=ZERO, adjustments=()), note) for line in nothing)
    ]


def _reversed(line: AnsweredLine, note: str) -> ReversedLine:
    sequence, *detail = map(int, line.number.split("."))
    billed = BilledLine(
        sequence=sequence,
        detail=tuple(detail),
        services=() if line.service is None else (line.service,),
        quantity=-sum((adjustment.units for adjustment in line.adjustments), line.units),
        charge=_negative(line.charged),
        currency=line.currency,
    )
    result = LineResult(
        number=line.number,
        paid_units=-line.units,
        paid_amount=_negative(line.paid),
        currency=line.currency,
        adjustments=tuple(map(_reversed_adjustment, line.adjustments)),
        remarks=(REVERSED_BY_VOID,),
        notes=(note,),
    )
    return billed, result


def _reversed_adjustment(adjustment: AnsweredAdjustment) -> Adjustment:
    reason = AdjudicationReason(adjustment.reason, adjustment.group, adjustment.carc, (), "", "")
    return Adjustment(reason, -adjustment.units, _negative(adjustment.amount))


def _negative(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -amount


def _zero(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else ZERO
