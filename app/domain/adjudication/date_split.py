"""Pay the days of a claim line that are inside an authorized period, if the payer's policy splits lines by days."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec.structs import replace

from app.domain.adjudication.allocation import Allocation, allocate_each
from app.domain.adjudication.desk import Desk
from app.domain.adjudication.draw import denied_by_units
from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization
from app.domain.balances.portions import Portion, by_days
from app.domain.billing import BilledLine, LineResult
from app.domain.ledger import EXACT
from app.domain.line_result import cut, paid
from app.domain.matching.candidate import Candidate
from app.domain.matching.stay_days import billed_days

OUTSIDE = frozenset({AdjustmentKey.BEFORE_PERIOD, AdjustmentKey.AFTER_PERIOD})

Placed = tuple[Portion, Sequence[Candidate]]


def split_by_date(line: BilledLine, authorizations: tuple[Authorization, ...], desk: Desk) -> LineResult | None:
    """Return the answer to a line that matches an item on some of its days only; None if it cannot be split.

    A day is outside if only its date differs from the authorization.
    """
    policy, serviced = desk.facts.terms.date_split, billed_days(line)
    if policy is None or not policy.holds(serviced):
        return None
    portions = by_days(serviced, line.quantity)
    if len(portions) <= 1:
        return None
    days = [_of_day(line, portion) for portion in portions]
    placed = [
        (portion, desk.comparisons.exact(day, authorizations)) for portion, day in zip(portions, days, strict=True)
    ]
    outside = [
        (portion, _why_outside(day, authorizations, desk))
        for (portion, matching), day in zip(placed, days, strict=True)
        if not matching
    ]
    inside: list[Placed] = [(portion, matching) for portion, matching in placed if matching]
    unpaid = _unpaid(outside)
    if not inside or unpaid is None:
        return None
    result = _answer(line, inside, unpaid, desk)
    return replace(result, notes=(*result.notes, f"The line is split by days under {policy.reference}."))


def _of_day(line: BilledLine, portion: Portion) -> BilledLine:
    return replace(line, serviced=portion.days, quantity=portion.units)


def _why_outside(day: BilledLine, authorizations: tuple[Authorization, ...], desk: Desk) -> AdjustmentKey | None:
    """Return the reason if only the date of a day differs."""
    nearest = desk.comparisons.closest(day, authorizations)
    keys = [] if nearest is None else [mismatch.reason_key for mismatch in nearest.mismatches]
    return keys[0] if len(keys) == 1 and keys[0] in OUTSIDE else None


def _unpaid(outside: Sequence[tuple[Portion, AdjustmentKey | None]]) -> dict[AdjustmentKey, Decimal] | None:
    """Return the units outside by reason; None if something else differs, too."""
    unpaid: dict[AdjustmentKey, Decimal] = {}
    for portion, key in outside:
        if key is None:
            return None
        unpaid[key] = EXACT.add(unpaid.get(key, Decimal(0)), portion.units)
    return unpaid


def _answer(
    line: BilledLine, inside: Sequence[Placed], outside: dict[AdjustmentKey, Decimal], desk: Desk
) -> LineResult:
    allocation: Allocation = allocate_each(inside, line, desk.books, desk.facts.terms.matching)
    short = next(iter(allocation.unpaid), None)
    if short is not None and (not allocation.draws or desk.facts.terms.over_limit == "deny-line"):
        return denied_by_units(inside[0][1], line, short, desk)
    unpaid = {**outside, **allocation.unpaid}
    if not unpaid:
        return paid(line, allocation.draws)
    return cut(line, allocation.draws, [(desk.reason(key), units) for key, units in unpaid.items()])
