"""How a billing claim is answered, line by line, from the authorizations that the payer has on file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from app.domain.adjustment.key import AdjustmentKey
from app.domain.authorization import Authorization
from app.domain.authorization_number import canonical, well_formed
from app.domain.billing import Adjudication, AdjudicationReason, BilledLine, BillingClaim, Draw, LineResult
from app.domain.ledger import EXACT, available, draw
from app.domain.line_result import cut, denied, paid, plain
from app.domain.matching.candidate import Candidate, candidates, closest, exact
from app.domain.matching.mismatch import Mismatch
from app.domain.request import Coding

NUMBER_NOT_NEEDED = "This service needs no authorization: the number was not used, and nothing was drawn from it."


@dataclass(frozen=True, slots=True)
class BillingFacts:
    """What the payer knows that a claim is answered from, read once before the answer.

    `authorizations` are those of this payer that the claim's numbers name, by canonical number, whoever's they are;
    `on_file` are the member's own with something granted. `patient` is the payer's id of the member, None where nobody
    on file has that member id. `over_limit` says whether a line beyond the units left is paid up to them or denied.
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
    return frozenset(number for line in claim.lines for number in _numbers(line, claim))


def adjudicate(claim: BillingClaim, facts: BillingFacts) -> Adjudication:
    """Answer a claim: the claim as a whole where the payer or the member is not known, or else line by line.

    A line sees what the lines before it have drawn. Nothing is changed: `ledger.draw` takes the draws of the answer.
    """
    if not facts.payer_known:
        return _deny_whole(claim, facts.reasons[AdjustmentKey.PAYER_UNKNOWN])
    if facts.patient is None:
        return _deny_whole(claim, facts.reasons[AdjustmentKey.MEMBER_UNKNOWN])
    books = _books(facts)
    lines = []
    for line in claim.lines:
        result = _adjudicate_line(line, claim, facts, books)
        if result.draw is not None:
            books[result.draw.authorization] = draw(books[result.draw.authorization], (result.draw,))
        lines.append(result)
    numbers = {result.draw.number for result in lines if result.draw is not None}
    return Adjudication(tuple(lines), numbers.pop() if len(numbers) == 1 else None)


def _deny_whole(claim: BillingClaim, reason: AdjudicationReason) -> Adjudication:
    return Adjudication(tuple(denied(line, reason) for line in claim.lines))


def _books(facts: BillingFacts) -> dict[str, Authorization]:
    """Return the authorizations by id, as they were before the claim."""
    return {one.id: one for one in (*facts.on_file, *facts.authorizations.values())}


def _adjudicate_line(
    line: BilledLine, claim: BillingClaim, facts: BillingFacts, books: Mapping[str, Authorization]
) -> LineResult:
    numbers = _numbers(line, claim)
    if not facts.requires_authorization(line.services):
        return paid(line, notes=(NUMBER_NOT_NEEDED,) if numbers else ())
    if not numbers:
        return denied(line, facts.reasons[_why_without_number(line, claim, facts, books)])
    named = (facts.authorizations[number] for number in numbers if number in facts.authorizations)
    found = candidates(line, claim, _own(named, facts, books))
    if not found:
        return denied(line, facts.reasons[_why_not_found(numbers)])
    matching = [candidate for candidate in found if not candidate.mismatches]
    if not matching:
        mismatches = closest(found).mismatches
        return denied(line, facts.reasons[mismatches[0].reason_key], mismatches)
    return _draw_on(matching, line, facts)


def _numbers(line: BilledLine, claim: BillingClaim) -> tuple[str, ...]:
    """Return the line's own number, or else the claim's, canonical and each once."""
    typed = (line.number,) if line.number else claim.numbers
    return tuple(dict.fromkeys(map(canonical, typed)))


def _own(
    authorizations: Iterable[Authorization], facts: BillingFacts, books: Mapping[str, Authorization]
) -> list[Authorization]:
    """Leave out what is another member's: to this member it does not exist, and no answer may tell otherwise."""
    return [books[one.id] for one in authorizations if one.patient == facts.patient]


def _why_without_number(
    line: BilledLine, claim: BillingClaim, facts: BillingFacts, books: Mapping[str, Authorization]
) -> AdjustmentKey:
    on_file = (item for one in _own(facts.on_file, facts, books) for item in exact(line, claim, one))
    usable = any(available(item) != 0 for item in on_file)
    return AdjustmentKey.NUMBER_OMITTED if usable else AdjustmentKey.NUMBER_NONE_ON_FILE


def _why_not_found(numbers: tuple[str, ...]) -> AdjustmentKey:
    return AdjustmentKey.NUMBER_UNKNOWN if any(map(well_formed, numbers)) else AdjustmentKey.NUMBER_MALFORMED


def _draw_on(matching: Sequence[Candidate], line: BilledLine, facts: BillingFacts) -> LineResult:
    """Draw on the candidate that pays the most of the line, which is the oldest where they pay the same."""
    chosen = max(matching, key=lambda candidate: _payable(line, candidate))
    left = available(chosen.item)
    taken = _taken(line, chosen, left)
    if left is None or taken.units == line.quantity:
        return paid(line, taken)
    # An item that is as it was before this claim was used up by others; else this claim's own lines have used it.
    untouched = chosen.item in _books(facts)[taken.authorization].items
    key = AdjustmentKey.UNITS_USED_UP if left == 0 and untouched else AdjustmentKey.UNITS_EXCEEDED
    if taken.units > 0 and facts.over_limit == "pay-up-to":
        return cut(line, taken, facts.reasons[key])
    over = Mismatch("units", plain(line.quantity), f"{plain(left)} more", key)
    return denied(line, facts.reasons[key], (over,))


def _taken(line: BilledLine, chosen: Candidate, left: Decimal | None) -> Draw:
    units = _payable(line, chosen)
    return Draw(
        authorization=chosen.authorization.id,
        number=chosen.authorization.number or chosen.authorization.id,
        item=chosen.item.requested.sequence,
        line=line.sequence,
        units=units,
        remaining=None if left is None else EXACT.subtract(left, units),
    )


def _payable(line: BilledLine, candidate: Candidate) -> Decimal:
    left = available(candidate.item)
    return line.quantity if left is None else min(line.quantity, left)
