"""Compare the lines of one claim with authorized items. Equal lines and equal items are compared once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import chain

from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.billing import BilledLine, BillingClaim
from app.domain.decision import ReviewAction
from app.domain.matching import ATTRIBUTES, SERVICE_ATTRIBUTES
from app.domain.matching.attribute import Sides
from app.domain.matching.candidate import Candidate, candidate, closest, oldest_first
from app.domain.matching.dates import is_cancelled, overlap
from app.domain.matching.mismatch import Mismatch, Tolerated
from app.domain.matching.procedure import Procedure
from app.domain.parts.matching_terms import MatchingTerms

Authorizations = tuple[Authorization, ...]

MOST_COMPARED = 100_000
"""The limit on comparisons for one claim: distinct lines times distinct items. More would delay other clients."""

MOST_EXPLAINED = 50
"""The number of distinct items among which `closest` searches if no item matches."""


_PROCEDURE = Procedure()


class TooManyComparisons(Exception):  # noqa: N818 - about the bill, not about this program
    """The claim has too many distinct lines and items to compare."""


class Comparisons:
    """Find the items that a claim line may draw on.

    Results are kept by line, because a long claim mostly repeats one line on many days.
    """

    __slots__ = ("_claim", "_closest", "_denied", "_exact", "_items", "_open", "_terms")

    def __init__(self, claim: BillingClaim, terms: MatchingTerms, most: int = MOST_COMPARED) -> None:
        self._claim = claim
        self._terms = terms
        self._open = most
        self._items: dict[Hashable, list[tuple[Hashable, Candidate]]] = {}
        self._exact: dict[Hashable, tuple[Candidate, ...]] = {}
        self._closest: dict[Hashable, Candidate | None] = {}
        self._denied: dict[Hashable, Candidate | None] = {}

    def exact(self, line: BilledLine, authorizations: Authorizations) -> tuple[Candidate, ...]:
        """Return the items that match in every attribute, oldest decision first. Raises TooManyComparisons."""
        key = self._likeness(line), _names(authorizations)
        if key not in self._exact:
            self._exact[key] = tuple(self._find_exact(line, authorizations))
        return self._exact[key]

    def closest(self, line: BilledLine, authorizations: Authorizations) -> Candidate | None:
        """Return the item whose mismatches help the biller most; None if the authorizations have no item."""
        key = self._likeness(line), _names(authorizations)
        if key not in self._closest:
            candidates = [candidate(self._sides(line, nearby)) for nearby in self._nearby(line, authorizations)]
            self._closest[key] = closest(candidates) if candidates else None
        return self._closest[key]

    def tolerated(self, line: BilledLine, matching: Candidate) -> tuple[Tolerated, ...]:
        """Return the differences that the payer accepts between a line and an item that matches it."""
        return candidate(self._sides(line, matching)).tolerated if self._terms.tolerances else ()

    def each(self, line: BilledLine, authorizations: Authorizations) -> tuple[Candidate, ...]:
        """Compare a line with every kind of item, oldest decision first, at most MOST_EXPLAINED."""
        items = [item for _, item in self._kinds(authorizations)][:MOST_EXPLAINED]
        return tuple(candidate(self._sides(line, item)) for item in items)

    def only_denied(self, line: BilledLine, authorizations: Authorizations) -> Candidate | None:
        """Return the newest denial of the line's service on its days, if the authorizations only deny it."""
        key = self._likeness(line), _names(authorizations)
        if key not in self._denied:
            self._denied[key] = self._find_denied(line, authorizations)
        return self._denied[key]

    def _find_denied(self, line: BilledLine, authorizations: Authorizations) -> Candidate | None:
        denied: Candidate | None = None
        matches: dict[Hashable, bool] = {}
        for kind, item in self._kinds(authorizations):
            if kind not in matches:
                matches[kind] = self._same_service(line, item)
                self._count()
            action = item.item.decision.action
            if not matches[kind] or not overlap(item.item.requested.serviced, line.serviced):
                continue
            if action is ReviewAction.NOT_CERTIFIED:
                denied = item
            elif action not in {ReviewAction.CANCELLED, ReviewAction.FORWARDED}:
                return None
        return denied

    def _same_service(self, line: BilledLine, candidate: Candidate) -> bool:
        sides = self._sides(line, candidate)
        return not any(isinstance(attribute.compare(sides), Mismatch) for attribute in SERVICE_ATTRIBUTES)

    def _sides(self, line: BilledLine, candidate: Candidate) -> Sides:
        return Sides(line, self._claim, candidate.item, candidate.authorization, self._terms)

    def _likeness(self, line: BilledLine) -> Hashable:
        """Drop the fields of a line that no attribute compares."""
        diagnoses = line.diagnoses if self._terms.compares_diagnoses else ()
        dropped = {"sequence": 0, "detail": (), "authorization_number": None, "charge": None, "currency": ""}
        return replace(line, diagnoses=diagnoses, **dropped)

    def _count(self) -> None:
        self._open -= 1
        if self._open < 0:
            raise TooManyComparisons

    def _find_exact(self, line: BilledLine, authorizations: Authorizations) -> Iterator[Candidate]:
        matches: dict[Hashable, bool] = {}
        for kind, item in self._kinds(authorizations):
            if kind not in matches:
                matches[kind] = self._matches(line, item)
                self._count()
            if matches[kind]:
                yield item

    def _nearby(self, line: BilledLine, authorizations: Authorizations) -> list[Candidate]:
        """Return the oldest item of each kind: items for the same service, or else for any service."""
        kinds: dict[Hashable, Candidate] = {}
        for kind, item in self._kinds(authorizations):
            if not item.standing:
                kinds.setdefault(kind, item)
        oldest = list(kinds.values())
        same = [nearby for nearby in oldest if not isinstance(_PROCEDURE.compare(self._sides(line, nearby)), Mismatch)]
        return (same or oldest)[:MOST_EXPLAINED]

    def _matches(self, line: BilledLine, candidate: Candidate) -> bool:
        # Most items fail here, and all() over a generator takes twice the time of a loop.
        sides = self._sides(line, candidate)
        for attribute in ATTRIBUTES:  # noqa: SIM110
            if isinstance(attribute.compare(sides), Mismatch):
                return False
        return True

    def _kind(self, candidate: Candidate) -> Hashable:
        """Return the fields of an item that attributes compare. Units are not among them."""
        authorization, item = candidate.authorization, candidate.item
        requested, decision = item.requested, item.decision
        granted = decision.granted
        return (
            candidate.standing and is_cancelled(authorization, item),
            candidate.standing,
            authorization.requestor,
            authorization.claim_type,
            decision.action,
            None if granted is None else replace(granted, quantity=None),
            granted is None or granted.quantity is None,
            (requested.services, requested.service_end, requested.revenue, requested.service_types),
            requested.request_type,
            requested.modifiers,
            (requested.providers, requested.specialties, requested.facility),
            requested.place,
            requested.unit,
            (requested.diagnoses or authorization.diagnoses) if self._terms.compares_diagnoses else (),
        )

    def _kinds(self, authorizations: Authorizations) -> list[tuple[Hashable, Candidate]]:
        """Return all items, oldest decision first. Items that compare equal have the same kind number."""
        key = _names(authorizations)
        if key not in self._items:
            numbers: dict[Hashable, int] = {}
            items = oldest_first(chain.from_iterable(map(_items_of, authorizations)))
            self._items[key] = [(numbers.setdefault(self._kind(item), len(numbers)), item) for item in items]
        return self._items[key]


def _items_of(authorization: Authorization) -> Iterator[Candidate]:
    """Yield the items of an authorization, and those with a standing grant also as they were granted."""
    for item in authorization.items:
        yield Candidate(authorization, item)
        if item.as_granted is not None:
            yield Candidate(authorization, item.as_granted, standing=True)


def _names(authorizations: Iterable[Authorization]) -> Hashable:
    return tuple(authorization.id for authorization in authorizations)
