"""Answer a billing claim, line by line, from the authorizations that the payer has on file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization
from app.domain.authorization_number import canonical, well_formed
from app.domain.billing import Adjudication, AdjudicationReason, BilledLine, BillingClaim, Draw, LineResult
from app.domain.datatypes import Coding
from app.domain.ledger import EXACT
from app.domain.line_result import cut, denied, paid, plain
from app.domain.matching.books import Books
from app.domain.matching.candidate import Candidate
from app.domain.matching.comparisons import Comparisons
from app.domain.matching.mismatch import Mismatch

NUMBER_NOT_NEEDED = (
    "This service needs no authorization. The authorization number was not used, and no units were drawn."
)


class BillingFacts(Struct, frozen=True):
    """The payer's facts for one claim, read once before the answer.

    `authorizations`: the payer's authorizations that the claim names, by canonical number.
    `on_file`: the member's authorizations with a granted item. The biller is a party to every authorization here.
    `patient`: the payer's id of the member; None if no member on file has the member id.
    `over_limit`: how to treat a claim line with more units than are left.
    """

    authorizations: Mapping[str, Authorization]
    patient: str | None
    payer_known: bool
    on_file: tuple[Authorization, ...]
    requires_authorization: Callable[[tuple[Coding, ...]], bool]
    over_limit: Literal["pay-up-to", "deny-line"]
    reasons: Mapping[str, AdjudicationReason]


def claimed_numbers(claim: BillingClaim) -> frozenset[str]:
    """Return the canonical authorization numbers of the claim and its lines, to look up before `adjudicate`."""
    own = {canonical(line.authorization_number) for line in claim.lines if line.authorization_number}
    return frozenset(own.union(() if all(line.authorization_number for line in claim.lines) else _shared(claim)))


def adjudicate(claim: BillingClaim, facts: BillingFacts) -> Adjudication:
    """Answer a claim line by line, or deny all lines if the payer or the member is unknown.

    A line cannot draw the units that earlier lines of the claim have drawn. The stored authorizations do not change
    here: `ledger.post` applies the draws of the answer.
    """
    if not facts.payer_known:
        return _deny_whole(claim, facts.reasons[AdjustmentKey.PAYER_UNKNOWN])
    if facts.patient is None:
        return _deny_whole(claim, facts.reasons[AdjustmentKey.MEMBER_UNKNOWN])
    own = tuple(authorization for authorization in facts.on_file if authorization.patient == facts.patient)
    desk = _Desk(facts, _shared(claim), own, Comparisons(claim), Books())
    lines = []
    for line in claim.lines:
        result = _adjudicate_line(line, desk)
        if result.draw is not None:
            desk.books.take(result.draw)
        lines.append(result)
    numbers = {result.draw.number for result in lines if result.draw is not None}
    return Adjudication(tuple(lines), numbers.pop() if len(numbers) == 1 else None)


class _Desk(Struct, frozen=True):
    """The working state for one claim: its canonical `numbers`, and the member's own authorizations `on_file`."""

    facts: BillingFacts
    numbers: tuple[str, ...]
    on_file: tuple[Authorization, ...]
    comparisons: Comparisons
    books: Books


def _deny_whole(claim: BillingClaim, reason: AdjudicationReason) -> Adjudication:
    return Adjudication(tuple(denied(line, reason) for line in claim.lines))


def _adjudicate_line(line: BilledLine, desk: _Desk) -> LineResult:
    facts = desk.facts
    numbers = (canonical(line.authorization_number),) if line.authorization_number else desk.numbers
    if not facts.requires_authorization(line.services):
        return paid(line, notes=(NUMBER_NOT_NEEDED,) if numbers else ())
    if not numbers:
        return denied(line, facts.reasons[_why_without_number(line, desk)])
    named = _named(numbers, facts)
    matching = desk.comparisons.exact(line, named)
    if matching:
        return _draw_on(matching, line, desk)
    nearest = desk.comparisons.closest(line, named)
    if nearest is None:
        return denied(line, facts.reasons[_why_not_found(numbers)])
    mismatches = nearest.mismatches
    return denied(line, facts.reasons[mismatches[0].reason_key], mismatches)


def _shared(claim: BillingClaim) -> tuple[str, ...]:
    """Return the claim's canonical numbers without duplicates. They apply to lines without a number of their own."""
    return tuple(dict.fromkeys(map(canonical, claim.numbers)))


def _named(numbers: Iterable[str], facts: BillingFacts) -> tuple[Authorization, ...]:
    """Return the member's authorizations that the numbers name.

    An authorization of another member counts as unknown, so that no answer reveals it. An administration number finds
    its request only until an authorization number exists.
    """
    authorizations = ((number, facts.authorizations.get(number)) for number in numbers)
    return tuple(
        authorization
        for number, authorization in authorizations
        if authorization is not None
        and authorization.patient == facts.patient
        and authorization.number in {None, number}
    )


def _why_without_number(line: BilledLine, desk: _Desk) -> AdjustmentKey:
    usable = any(desk.books.left(candidate) != 0 for candidate in desk.comparisons.exact(line, desk.on_file))
    return AdjustmentKey.NUMBER_OMITTED if usable else AdjustmentKey.NUMBER_NONE_ON_FILE


def _why_not_found(numbers: tuple[str, ...]) -> AdjustmentKey:
    return AdjustmentKey.NUMBER_UNKNOWN if any(map(well_formed, numbers)) else AdjustmentKey.NUMBER_MALFORMED


def _draw_on(matching: Sequence[Candidate], line: BilledLine, desk: _Desk) -> LineResult:
    """Draw on the candidate that pays the most units; of equal candidates, the oldest."""
    facts, chosen = desk.facts, _most_paying(matching, line, desk.books)
    left = desk.books.left(chosen)
    taken = _taken(line, chosen, left)
    if left is None or taken.units == line.quantity:
        return paid(line, taken)
    # An untouched item was used up by earlier claims; a touched one by earlier lines of this claim.
    used_up = left == 0 and desk.books.untouched(chosen)
    key = AdjustmentKey.UNITS_USED_UP if used_up else AdjustmentKey.UNITS_EXCEEDED
    if taken.units > 0 and facts.over_limit == "pay-up-to":
        return cut(line, taken, facts.reasons[key])
    return denied(
        line, facts.reasons[key], (Mismatch("units", plain(line.quantity), f"no more than {plain(left)}", key),)
    )


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
        number=chosen.authorization.number or chosen.authorization.id,
        item=chosen.item.requested.number,
        line=line.number,
        units=units,
        remaining=None if left is None else EXACT.subtract(left, units),
    )


def _payable(line: BilledLine, left: Decimal | None) -> Decimal:
    return line.quantity if left is None else min(line.quantity, left)
