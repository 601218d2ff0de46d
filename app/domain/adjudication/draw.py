"""Draw the units of a claim line on the authorized items that match it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import reduce

from app.domain.adjudication.desk import Desk
from app.domain.adjustment_key import AdjustmentKey
from app.domain.billing import BilledLine, Draw, LineResult
from app.domain.ledger import EXACT
from app.domain.line_result import cut, denied, paid, plain
from app.domain.matching.books import Books
from app.domain.matching.candidate import Candidate
from app.domain.matching.mismatch import Mismatch


def draw_on(matching: Sequence[Candidate], line: BilledLine, desk: Desk) -> LineResult:
    """Draw on the oldest candidate until its units are used up, and then on the next."""
    draws = tuple(_draws(matching, line, desk.books))
    drawn = _sum(draw.units for draw in draws)
    if drawn == line.quantity:
        return paid(line, draws, _left_in_all(matching, draws, desk.books) if len(draws) > 1 else ())
    # An untouched item was used up by earlier claims; a touched one by earlier lines of this claim.
    left = _left(matching, desk.books)
    used_up = left == 0 and all(map(desk.books.untouched, matching))
    key = AdjustmentKey.UNITS_USED_UP if used_up else AdjustmentKey.UNITS_EXCEEDED
    if drawn > 0 and desk.facts.terms.over_limit == "pay-up-to":
        return cut(line, draws, desk.reason(key))
    mismatch = Mismatch("units", plain(line.quantity), f"{plain(left)} more", key)
    return denied(line, desk.reason(key), (mismatch,), linked=matching[0].link)


def _draws(matching: Iterable[Candidate], line: BilledLine, books: Books) -> Iterator[Draw]:
    unpaid = line.quantity
    for candidate in matching:
        left = books.left(candidate)
        units = unpaid if left is None else min(unpaid, left)
        if units > 0:
            yield _draw(candidate, line, units, None if left is None else EXACT.subtract(left, units))
            unpaid = EXACT.subtract(unpaid, units)
        if not unpaid:
            return


def _draw(candidate: Candidate, line: BilledLine, units: Decimal, remaining: Decimal | None) -> Draw:
    return Draw(
        authorization=candidate.authorization.id,
        number=next(iter(candidate.authorization.numbers), candidate.authorization.id),
        item=candidate.item.requested.number,
        line=line.number,
        units=units,
        remaining=remaining,
    )


def _left_in_all(matching: Iterable[Candidate], draws: Iterable[Draw], books: Books) -> tuple[str, ...]:
    """Tell the units that are left in all items that the line may draw on."""
    lefts = [books.left(candidate) for candidate in matching]
    if None in lefts:
        return ()
    left = EXACT.subtract(_sum(left for left in lefts if left is not None), _sum(draw.units for draw in draws))
    return (f"Units left in all authorizations of this line: {plain(left)}.",)


def _left(matching: Iterable[Candidate], books: Books) -> Decimal:
    return _sum(books.left(candidate) or Decimal(0) for candidate in matching)


def _sum(units: Iterable[Decimal]) -> Decimal:
    return reduce(EXACT.add, units, Decimal(0))
