"""How a billing claim is answered, line by line, from the authorizations that the payer has on file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization
from app.domain.authorization_number import canonical, well_formed
from app.domain.billing import Adjudication, AdjudicationReason, BilledLine, BillingClaim, Draw, LineResult
from app.domain.ledger import EXACT
from app.domain.line_result import cut, denied, paid, plain
from app.domain.matching.books import Books
from app.domain.matching.candidate import Candidate
from app.domain.matching.comparisons import Comparisons
from app.domain.matching.mismatch import Mismatch
from app.domain.request import Coding

NUMBER_NOT_NEEDED = "This service needs no authorization: the number was not used, and nothing was drawn from it."


class BillingFacts(Struct, frozen=True):
    """What the payer knows that a claim is answered from, read once before the answer.

    `authorizations` are those of this payer that the claim's numbers name, by canonical number; `on_file` are the
    member's own with something granted. The biller takes part in all of them. `patient` is the payer's id of the
    member, None where nobody on file has that member id. `over_limit` says whether a line beyond the units left is
    paid up to them or denied.
    """

    authorizations: Mapping[str, Authorization]
    patient: str | None
    payer_known: bool
    on_file: tuple[Authorization, ...]
    requires_authorization: Callable[[tuple[Coding, ...]], bool]
    over_limit: Literal["pay-up-to", "deny-line"]
    reasons: Mapping[str, AdjudicationReason]


def claimed_numbers(claim: BillingClaim) -> frozenset[str]:
    """Return every authorization number on the claim and its lines, canonical: what to look up before adjudicating."""
    own = {canonical(line.number) for line in claim.lines if line.number}
    return frozenset(own.union(() if all(line.number for line in claim.lines) else _shared(claim)))


def adjudicate(claim: BillingClaim, facts: BillingFacts) -> Adjudication:
    """Answer a claim: the claim as a whole where the payer or the member is not known, or else line by line.

    A line sees what the lines before it have drawn. Nothing is changed: `ledger.draw` takes the draws of the answer.
    """
    if not facts.payer_known:
        return _deny_whole(claim, facts.reasons[AdjustmentKey.PAYER_UNKNOWN])
    if facts.patient is None:
        return _deny_whole(claim, facts.reasons[AdjustmentKey.MEMBER_UNKNOWN])
    own = tuple(one for one in facts.on_file if one.patient == facts.patient)
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
    """What lies on the table while a claim is answered; `numbers` are the claim's, `on_file` is the member's own."""

    facts: BillingFacts
    numbers: tuple[str, ...]
    on_file: tuple[Authorization, ...]
    comparisons: Comparisons
    books: Books


def _deny_whole(claim: BillingClaim, reason: AdjudicationReason) -> Adjudication:
    return Adjudication(tuple(denied(line, reason) for line in claim.lines))


def _adjudicate_line(line: BilledLine, desk: _Desk) -> LineResult:
    facts = desk.facts
    numbers = (canonical(line.number),) if line.number else desk.numbers
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
    """Return the claim's numbers, which its lines have unless they carry their own: canonical, and each once."""
    return tuple(dict.fromkeys(map(canonical, claim.numbers)))


def _named(numbers: Iterable[str], facts: BillingFacts) -> tuple[Authorization, ...]:
    """Return the member's authorizations that the numbers name.

    What is another member's does not exist to this one, and no answer may tell otherwise. The number of a review finds
    its request while nothing is granted, for the answer to say so; it never stands for the authorization number.
    """
    found = ((number, facts.authorizations.get(number)) for number in numbers)
    return tuple(
        one
        for number, one in found
        if one is not None and one.patient == facts.patient and one.number in {None, number}
    )


def _why_without_number(line: BilledLine, desk: _Desk) -> AdjustmentKey:
    usable = any(desk.books.left(one) != 0 for one in desk.comparisons.exact(line, desk.on_file))
    return AdjustmentKey.NUMBER_OMITTED if usable else AdjustmentKey.NUMBER_NONE_ON_FILE


def _why_not_found(numbers: tuple[str, ...]) -> AdjustmentKey:
    return AdjustmentKey.NUMBER_UNKNOWN if any(map(well_formed, numbers)) else AdjustmentKey.NUMBER_MALFORMED


def _draw_on(matching: Sequence[Candidate], line: BilledLine, desk: _Desk) -> LineResult:
    """Draw on the candidate that pays the most of the line, which is the oldest where they pay the same."""
    facts, chosen = desk.facts, _most_paying(matching, line, desk.books)
    left = desk.books.left(chosen)
    taken = _taken(line, chosen, left)
    if left is None or taken.units == line.quantity:
        return paid(line, taken)
    # An item that is as it was before this claim was used up by others; else this claim's own lines have used it.
    used_up = left == 0 and desk.books.untouched(chosen)
    key = AdjustmentKey.UNITS_USED_UP if used_up else AdjustmentKey.UNITS_EXCEEDED
    if taken.units > 0 and facts.over_limit == "pay-up-to":
        return cut(line, taken, facts.reasons[key])
    over = Mismatch("units", plain(line.quantity), f"{plain(left)} more", key)
    return denied(line, facts.reasons[key], (over,))


def _most_paying(matching: Sequence[Candidate], line: BilledLine, books: Books) -> Candidate:
    best, most = matching[0], Decimal(-1)
    for one in matching:
        payable = _payable(line, books.left(one))
        if payable > most:
            best, most = one, payable
        if most == line.quantity:
            break
    return best


def _taken(line: BilledLine, chosen: Candidate, left: Decimal | None) -> Draw:
    units = _payable(line, left)
    return Draw(
        authorization=chosen.authorization.id,
        number=chosen.authorization.number or chosen.authorization.id,
        item=chosen.item.requested.sequence,
        line=line.sequence,
        units=units,
        remaining=None if left is None else EXACT.subtract(left, units),
    )


def _payable(line: BilledLine, left: Decimal | None) -> Decimal:
    return line.quantity if left is None else min(line.quantity, left)
