"""The answers to a claim line: paid, paid in part, or denied. Paid and adjusted units and amounts add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from msgspec.structs import replace

from app.domain.billing import (
    AdjudicationReason,
    Adjustment,
    Advice,
    BilledLine,
    Difference,
    Draw,
    LineResult,
    Link,
)
from app.domain.ledger import EXACT, total
from app.domain.matching.mismatch import Mismatch

PAID_AT_AUTHORIZED = "N45"
"""The RARC for a line that is paid up to the authorized units."""

EXCEEDED = "198"
"""The CARC for more units than are authorized."""

CENT = Decimal("0.01")


def paid(line: BilledLine, draws: tuple[Draw, ...] = (), notes: Iterable[str] = ()) -> LineResult:
    """Pay all units of the line and its full charge."""
    return replace(_split(line, line.quantity), draws=draws, notes=(*map(drawn_note, draws), *notes))


def denied(
    line: BilledLine,
    reason: AdjudicationReason,
    mismatches: Iterable[Mismatch] = (),
    *,
    notes: Iterable[str] = (),
    linked: Link | None = None,
    until: date | None = None,
) -> LineResult:
    """Pay nothing. The notes give the reason, the next step and every attribute that differs.

    `linked` is the authorization that the denial is about. `until` is the last day of the next step.
    """
    differing = tuple(mismatches)
    differences = tuple(Difference(each.attribute, each.claimed, each.authorized) for each in differing)
    sentences = [mismatch.sentence for mismatch in differing]
    unpaid = _split(line, Decimal(0), reason)
    advice = Advice(reason.action, differences, until)
    return replace(unpaid, notes=(because(reason), *sentences, *notes), linked=linked, advice=advice)


def cut(line: BilledLine, draws: tuple[Draw, ...], unpaid: Sequence[tuple[AdjudicationReason, Decimal]]) -> LineResult:
    """Pay the units of the draws. `unpaid` has the other units of the line, with the reason of each part."""
    drawn = EXACT.subtract(line.quantity, total(units for _, units in unpaid))
    units = f"Units: claimed {plain(line.quantity)}, paid {plain(drawn)}."
    notes = (*(because(reason) for reason, _ in unpaid), units, *map(drawn_note, draws))
    whole = _split(line, drawn, unpaid[0][0])
    advice = Advice(unpaid[0][0].action)
    parts = _parts(line, whole.adjusted_amount, unpaid)
    remarks = (PAID_AT_AUTHORIZED,) if any(reason.carc == EXCEEDED for reason, _ in unpaid) else ()
    return replace(whole, adjustments=parts, draws=draws, notes=notes, remarks=remarks, advice=advice)


def reduced(
    line: BilledLine, amount: Decimal | None, reason: AdjudicationReason, *, notes: Iterable[str], linked: Link | None
) -> LineResult:
    """Pay all units of the line, but only a part of its charge. The line draws no units."""
    whole = paid(line)
    if amount is None or line.charge is None or amount == line.charge:
        return replace(whole, notes=tuple(notes), linked=linked)
    rest = Adjustment(reason, Decimal(0), EXACT.subtract(line.charge, amount))
    texts = (because(reason), *notes)
    return replace(
        whole, paid_amount=amount, adjustments=(rest,), notes=texts, linked=linked, advice=Advice(reason.action)
    )


def plain(quantity: Decimal) -> str:
    """Return a quantity without trailing zeros or an exponent."""
    return f"{quantity.normalize():f}"


def _split(line: BilledLine, units: Decimal, reason: AdjudicationReason | None = None) -> LineResult:
    """Pay `units` of the line, and adjust the rest for a reason."""
    amount = _share(line, units)
    rest = None if amount is None or line.charge is None else EXACT.subtract(line.charge, amount)
    unpaid = () if reason is None else (Adjustment(reason, EXACT.subtract(line.quantity, units), rest),)
    return LineResult(line.number, units, amount, line.currency, unpaid)


def _share(line: BilledLine, units: Decimal) -> Decimal | None:
    """Return the charge for `units` of the line, to the cent. The full charge and zero are never rounded."""
    if line.charge is None or units == line.quantity:
        return line.charge
    if units == 0:
        return Decimal(0)
    exact = EXACT.divide(EXACT.multiply(line.charge, units), line.quantity)
    return min(exact.quantize(CENT, ROUND_HALF_UP, EXACT), line.charge)


def _parts(
    line: BilledLine, amount: Decimal | None, unpaid: Sequence[tuple[AdjudicationReason, Decimal]]
) -> tuple[Adjustment, ...]:
    """Share an unpaid amount among its reasons by units. The last part takes the rest, so that the parts add up."""
    parts, rest = [], amount
    for reason, units in unpaid[:-1]:
        share = _share(line, units)
        part = None if share is None or rest is None else min(share, rest)
        rest = None if part is None or rest is None else EXACT.subtract(rest, part)
        parts.append(Adjustment(reason, units, part))
    reason, units = unpaid[-1]
    return (*parts, Adjustment(reason, units, rest))


def because(reason: AdjudicationReason) -> str:
    """Return a reason and the next step as sentences for the biller."""
    return f"{reason.text} {reason.next_step}"


def drawn_note(draw: Draw) -> str:
    """Say how many units a line drew, and how many are left."""
    left = "no limit" if draw.remaining is None else plain(draw.remaining)
    return f"Units drawn from authorization {draw.number}: {plain(draw.units)}. Units left: {left}."
