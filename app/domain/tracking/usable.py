"""The authorized items that a claim for a service on a day may draw on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.domain.authorization import Authorization
from app.domain.billing import BilledLine, BillingClaim
from app.domain.matching import ATTRIBUTES
from app.domain.matching.attribute import Sides
from app.domain.matching.candidate import Candidate, oldest_first
from app.domain.matching.mismatch import Mismatch
from app.domain.parts.matching_terms import MatchingTerms
from app.domain.tracking.item_units import units_of

_COMPARED = frozenset({"status", "procedure", "service dates", "rendering provider"})
"""The attributes that the question gives. The claim compares the others."""


def usable_items(authorizations: Iterable[Authorization], claim: BillingClaim, terms: MatchingTerms) -> list[Candidate]:
    """Return the items with a number and units left that match the one line of the claim, the oldest first."""
    return oldest_first(
        candidate
        for authorization in authorizations
        if authorization.number is not None
        for candidate in _matching(authorization, claim, claim.lines[0], terms)
    )


def _matching(
    authorization: Authorization, claim: BillingClaim, line: BilledLine, terms: MatchingTerms
) -> Iterator[Candidate]:
    names = _COMPARED if line.providers else _COMPARED - {"rendering provider"}
    for item in authorization.items:
        sides = Sides(line, claim, item, authorization, terms)
        compared = (each.compare(sides) for each in ATTRIBUTES if each.name in names)
        units = units_of(item)
        if units is not None and units.left != 0 and not any(isinstance(outcome, Mismatch) for outcome in compared):
            yield Candidate(authorization, item)
