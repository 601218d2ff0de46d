"""Draw the units of a claim line on the authorized items that match it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.domain.adjudication.allocation import Allocation, allocate
from app.domain.adjudication.desk import Desk
from app.domain.adjustment_key import AdjustmentKey
from app.domain.balances.rate import Rate
from app.domain.billing import BilledLine, LineResult
from app.domain.ledger import EXACT, total
from app.domain.line_result import cut, denied, paid, plain
from app.domain.matching.candidate import Candidate
from app.domain.matching.mismatch import Mismatch
from app.domain.matching.units import units_for_one


def draw_on(matching: Sequence[Candidate], line: BilledLine, desk: Desk) -> LineResult:
    """Draw on the oldest candidate until its units are used up, and then on the next."""
    allocation = allocate(matching, line, desk.books, desk.facts.terms.matching)
    unpaid = [(desk.reason(key), units) for key, units in allocation.unpaid.items()]
    if not unpaid:
        return paid(line, allocation.draws, _left_in_all(matching, allocation, desk))
    if allocation.draws and desk.facts.terms.over_limit == "pay-up-to":
        return cut(line, allocation.draws, unpaid)
    return denied_by_units(matching, line, next(iter(allocation.unpaid)), desk)


def denied_by_units(matching: Sequence[Candidate], line: BilledLine, key: AdjustmentKey, desk: Desk) -> LineResult:
    """Deny a line because of the units of the items that match it."""
    lefts = [_payable(candidate, line, desk) for candidate in matching]
    left = "no limit in all" if None in lefts else f"{plain(total(left for left in lefts if left is not None))} more"
    mismatch = Mismatch("units", plain(line.quantity), left, key)
    return denied(line, desk.reason(key), (mismatch,), linked=matching[0].link)


def _payable(candidate: Candidate, line: BilledLine, desk: Desk) -> Decimal | None:
    """Return the units left in an item, in the unit of the line."""
    left = desk.books.left(candidate)
    factor = units_for_one(line, candidate.item, desk.facts.terms.matching)
    return None if left is None else Rate(factor=factor).billed(left)


def _left_in_all(matching: Sequence[Candidate], allocation: Allocation, desk: Desk) -> tuple[str, ...]:
    """Give the units left in all items that the line may draw on, if it drew on several."""
    lefts = [desk.books.left(candidate) for candidate in matching] if len(allocation.draws) > 1 else [None]
    if None in lefts:
        return ()
    drawn = total(draw.units for draw in allocation.draws)
    left = EXACT.subtract(total(left for left in lefts if left is not None), drawn)
    return (f"Units left in all authorizations of this line: {plain(left)}.",)
