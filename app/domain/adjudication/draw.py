"""Draw the units of a claim line on an authorized item that matches it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.domain.adjudication.desk import Desk
from app.domain.adjustment_key import AdjustmentKey
from app.domain.billing import BilledLine, Draw, LineResult
from app.domain.ledger import EXACT
from app.domain.line_result import cut, denied, paid, plain
from app.domain.matching.books import Books
from app.domain.matching.candidate import Candidate
from app.domain.matching.mismatch import Mismatch


def draw_on(matching: Sequence[Candidate], line: BilledLine, desk: Desk) -> LineResult:
    """Draw on the candidate that pays the most units; of equal candidates, the oldest."""
    chosen = _most_paying(matching, line, desk.books)
    left = desk.books.left(chosen)
    taken = _taken(line, chosen, left)
    if left is None or taken.units == line.quantity:
        return paid(line, (taken,))
    # An untouched item was used up by earlier claims; a touched one by earlier lines of this claim.
    used_up = left == 0 and desk.books.untouched(chosen)
    key = AdjustmentKey.UNITS_USED_UP if used_up else AdjustmentKey.UNITS_EXCEEDED
    if taken.units > 0 and desk.facts.terms.over_limit == "pay-up-to":
        return cut(line, (taken,), desk.reason(key))
    mismatch = Mismatch("units", plain(line.quantity), f"{plain(left)} more", key)
    return denied(line, desk.reason(key), (mismatch,), linked=chosen.link)


def _most_paying(matching: Sequence[Candidate], line: BilledLine, books: Books) -> Candidate:
    best, most = matching[0], Decimal(-1)
    for candidate in matching:
        payable = _payable(line, books.left(candidate))
        if payable > most:
            best, most = candidate, payable
        if most == line.quantity:
            break
    return best


def _taken(line: BilledLine, chosen: Candidate, left: Decimal | None) -> Draw:
    units = _payable(line, left)
    return Draw(
        authorization=chosen.authorization.id,
        number=next(iter(chosen.authorization.numbers), chosen.authorization.id),
        item=chosen.item.requested.number,
        line=line.number,
        units=units,
        remaining=None if left is None else EXACT.subtract(left, units),
    )


def _payable(line: BilledLine, left: Decimal | None) -> Decimal:
    return line.quantity if left is None else min(line.quantity, left)
