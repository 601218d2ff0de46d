"""Allocate the units of a claim line to the authorized items that match it, the oldest item first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

from msgspec import Struct

from app.domain.adjustment_key import AdjustmentKey
from app.domain.balances.components import HALF
from app.domain.balances.pools import Key
from app.domain.balances.portions import Portion, by_days, days_of_stay
from app.domain.balances.rate import Rate
from app.domain.billing import BilledLine, Draw
from app.domain.datatypes import Period
from app.domain.ledger import EXACT, total
from app.domain.matching.books import Books
from app.domain.matching.candidate import Candidate
from app.domain.matching.component import split_component
from app.domain.matching.stay_days import billed_days
from app.domain.matching.units import units_for_one
from app.domain.parts.matching_terms import MatchingTerms
from app.domain.parts.period_cap import PeriodCap
from app.domain.service_line import ONE

NO_TERMS = MatchingTerms()
REPEATED = AdjustmentKey.SERVICE_REPEATED


class Allocation(Struct, frozen=True):
    """The draws of a line, and the units for which no item has room, by reason."""

    draws: tuple[Draw, ...]
    unpaid: dict[AdjustmentKey, Decimal]


class _Taken(Struct, frozen=True):
    """The portions of a line that an item pays."""

    candidate: Candidate
    portions: list[Portion]


def allocate(
    matching: Sequence[Candidate], line: BilledLine, books: Books, terms: MatchingTerms = NO_TERMS
) -> Allocation:
    """Draw a line on the oldest items with room. The books do not change.

    A line is split by days if a cap or a stay counts its days. `terms` have the conversions of units.
    """
    return allocate_each([(portion, matching) for portion in _portions(matching, line)], line, books, terms)


def allocate_each(
    portions: Iterable[tuple[Portion, Sequence[Candidate]]],
    line: BilledLine,
    books: Books,
    terms: MatchingTerms = NO_TERMS,
) -> Allocation:
    """Draw each portion of a line on the oldest of its own items with room."""
    trial = books.trial()
    taken: dict[Key, _Taken] = {}
    unpaid: dict[AdjustmentKey, Decimal] = {}
    for portion, matching in portions:
        rest = portion.units
        if _is_paid(portion, matching, trial):
            unpaid[REPEATED] = EXACT.add(unpaid.get(REPEATED, Decimal(0)), rest)
            continue
        for candidate in matching:
            component = split_component(line, candidate.item)
            rate = Rate(HALF if component else ONE, units_for_one(line, candidate.item, terms))
            room, wanted = trial.left_on(candidate, portion.days, component), rate.authorized(rest)
            units = wanted if room is None else min(wanted, room)
            if units > 0:
                part = Portion(portion.days, units, component)
                trial.take(candidate.key, [part])
                _add(taken.setdefault(candidate.key, _Taken(candidate, [])).portions, part, candidate.cap)
                rest = EXACT.subtract(rest, rest if units == wanted else rate.billed(units))
            if not rest:
                break
        if rest:
            key = _why(matching, line, trial, books)
            unpaid[key] = EXACT.add(unpaid.get(key, Decimal(0)), rest)
    return Allocation(tuple(_draw(own, line, trial) for own in taken.values()), unpaid)


def _portions(matching: Iterable[Candidate], line: BilledLine) -> tuple[Portion, ...]:
    serviced, candidates = billed_days(line), list(matching)
    if any(candidate.is_stay for candidate in candidates):
        return days_of_stay(serviced, line.quantity)
    if serviced.start == serviced.end or all(candidate.cap is None for candidate in candidates):
        return (Portion(serviced, line.quantity),)
    return by_days(serviced, line.quantity)


def _is_paid(portion: Portion, matching: Iterable[Candidate], trial: Books) -> bool:
    """Return whether the portion is one day of a stay, and the day is paid already: it is a duplicate."""
    day = portion.days.start
    if day is None or day != portion.days.end or portion.units != 1:
        return False
    return any(candidate.is_stay and trial.has_day(candidate, day) for candidate in matching)


def _why(matching: Iterable[Candidate], line: BilledLine, trial: Books, books: Books) -> AdjustmentKey:
    """Return why no item has room: a cap, or no units left. Earlier lines of this claim may have drawn them."""
    pairs = [(candidate, split_component(line, candidate.item)) for candidate in matching]
    if any(trial.room(candidate, component) != 0 for candidate, component in pairs):
        return AdjustmentKey.PERIOD_USED_UP
    used_up = all(books.room(candidate, component) == 0 for candidate, component in pairs)
    untouched = all(books.untouched(candidate) for candidate, _ in pairs)
    return AdjustmentKey.UNITS_USED_UP if used_up and untouched else AdjustmentKey.UNITS_EXCEEDED


def _add(portions: list[Portion], added: Portion, cap: PeriodCap | None) -> None:
    """Add a portion, or join it with the last one if it follows in the same period."""
    last = portions[-1] if portions else None
    if last is not None and _joined(last.days, added.days, cap):
        days = Period(last.days.start, added.days.end)
        portions[-1] = Portion(days, EXACT.add(last.units, added.units), added.component)
    else:
        portions.append(added)


def _joined(last: Period, added: Period, cap: PeriodCap | None) -> bool:
    if last.start is None or last.end is None or added.start is None:
        return False
    return added.start - last.end == timedelta(days=1) and (
        cap is None or cap.period(last.start) == cap.period(added.start)
    )


def _draw(taken: _Taken, line: BilledLine, trial: Books) -> Draw:
    candidate, portions = taken.candidate, taken.portions
    return Draw(
        authorization=candidate.authorization.id,
        number=next(iter(candidate.authorization.numbers), candidate.authorization.id),
        item=candidate.item.requested.number,
        line=line.number,
        units=total(portion.units for portion in portions),
        remaining=trial.left(candidate),
        portions=tuple(portions),
        shares=trial.shares(candidate),
    )
