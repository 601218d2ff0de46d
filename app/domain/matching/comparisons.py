"""The lines of one claim beside the authorized items: whatever is alike on either side is compared once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.billing import BilledLine, BillingClaim
from app.domain.matching import ATTRIBUTES, procedure
from app.domain.matching.candidate import Candidate, candidate, closest, oldest_first

Authorizations = tuple[Authorization, ...]

MOST_COMPARED = 100_000
"""Lines times items of different kinds: a bill of more than that is no one's, and would keep everybody else waiting."""

MOST_EXPLAINED = 50
"""Items of different kinds among which the one to report is looked for, where none of them fits."""


class TooCostly(Exception):  # noqa: N818 - about the bill, not about this program
    """The lines and the items of the claim are too many, and too different, to be compared."""


class Comparisons:
    """Finds what a line may draw on. A bill of many lines is mostly the same line on many days."""

    __slots__ = ("_claim", "_closest", "_exact", "_items", "_open")

    def __init__(self, claim: BillingClaim, most: int = MOST_COMPARED) -> None:
        self._claim = claim
        self._open = most
        self._items: dict[Hashable, list[tuple[Hashable, Candidate]]] = {}
        self._exact: dict[Hashable, tuple[Candidate, ...]] = {}
        self._closest: dict[Hashable, Candidate | None] = {}

    def exact(self, line: BilledLine, authorizations: Authorizations) -> tuple[Candidate, ...]:
        """Return the items that match in every attribute; the oldest decision comes first. Raises TooCostly."""
        key = _likeness(line), _names(authorizations)
        if key not in self._exact:
            self._exact[key] = tuple(self._find_exact(line, authorizations))
        return self._exact[key]

    def closest(self, line: BilledLine, authorizations: Authorizations) -> Candidate | None:
        """Return the item whose mismatches tell the biller most; None where the authorizations have no item."""
        key = _likeness(line), _names(authorizations)
        if key not in self._closest:
            found = [
                candidate(line, one.item, self._claim, one.authorization) for one in self._nearby(line, authorizations)
            ]
            self._closest[key] = closest(found) if found else None
        return self._closest[key]

    def _find_exact(self, line: BilledLine, authorizations: Authorizations) -> Iterator[Candidate]:
        known: dict[Hashable, bool] = {}
        for kind, one in self._kinds(authorizations):
            if kind not in known:
                known[kind] = self._matches(line, one)
                self._open -= 1
                if self._open < 0:
                    raise TooCostly
            if known[kind]:
                yield one

    def _nearby(self, line: BilledLine, authorizations: Authorizations) -> list[Candidate]:
        """Return one item of each kind, the oldest: those for the same service, or else for any."""
        kinds: dict[Hashable, Candidate] = {}
        for kind, one in self._kinds(authorizations):
            kinds.setdefault(kind, one)
        all_kinds = list(kinds.values())
        same = [one for one in all_kinds if procedure.compare(line, one.item, self._claim, one.authorization) is None]
        return (same or all_kinds)[:MOST_EXPLAINED]

    def _matches(self, line: BilledLine, one: Candidate) -> bool:
        for compare in ATTRIBUTES:  # noqa: SIM110 - half the time of all() over a generator, and most items fail here
            if compare(line, one.item, self._claim, one.authorization) is not None:
                return False
        return True

    def _kinds(self, authorizations: Authorizations) -> list[tuple[Hashable, Candidate]]:
        """Return all items with what is compared of them, as a number for each kind; the oldest decision first."""
        key = _names(authorizations)
        if key not in self._items:
            numbers: dict[Hashable, int] = {}
            items = oldest_first(Candidate(one, item) for one in authorizations for item in one.items)
            self._items[key] = [(numbers.setdefault(_kind(one), len(numbers)), one) for one in items]
        return self._items[key]


def _likeness(line: BilledLine) -> Hashable:
    """Leave out of a line what no attribute compares."""
    return replace(line, sequence=0, diagnoses=(), number=None, charge=None, currency="")


def _kind(one: Candidate) -> Hashable:
    """Leave out of an item what no attribute compares: how many units it has, and what it is for."""
    requested, decision = one.item.requested, one.item.decision
    granted = decision.granted
    return (
        one.authorization.requestor,
        decision.action,
        None if granted is None else replace(granted, quantity=None),
        granted is None or granted.quantity is None,
        requested.services,
        requested.service_end,
        requested.modifiers,
        requested.providers,
        requested.place,
        requested.unit,
    )


def _names(authorizations: Iterable[Authorization]) -> Hashable:
    return tuple(one.id for one in authorizations)
