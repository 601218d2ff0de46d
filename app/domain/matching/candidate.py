"""The authorized items that a claim line may draw on, each with its mismatches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from msgspec import Struct

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.balances.pools import Key
from app.domain.billing import Link
from app.domain.matching import ATTRIBUTES
from app.domain.matching.attribute import Sides
from app.domain.matching.mismatch import Mismatch, Outcome, Tolerated
from app.domain.matching.stay_days import counts_days
from app.domain.parts.period_cap import PeriodCap

_NOT_GRANTED = frozenset({AdjustmentKey.REQUEST_DENIED, AdjustmentKey.REQUEST_PENDING})


class Candidate(Struct, frozen=True):
    """An authorized item for a claim line. `compared` has one result for each of `ATTRIBUTES`, or is empty.

    `standing`: the item is as it was granted before an update; such a grant is drawn on, but never explains a denial.
    """

    authorization: Authorization
    item: AuthorizedItem
    compared: tuple[Outcome, ...] = ()
    standing: bool = False

    @property
    def key(self) -> Key:
        """The authorization's id and the item's number."""
        return self.authorization.id, self.item.requested.number

    @property
    def cap(self) -> PeriodCap | None:
        """The most units of the grant in each day, week or month."""
        granted = self.item.granted
        return None if granted is None else granted.cap

    @property
    def is_stay(self) -> bool:
        """Whether the item is a stay that counts days, so that each date pays once."""
        return counts_days(self.item)

    @property
    def link(self) -> Link | None:
        """The link of a denied line to the item; None if the payer gave the request no number."""
        authorization = self.authorization
        number = next(iter(authorization.numbers), authorization.administration_number)
        return None if number is None else Link(authorization.id, number, self.item.requested.number)

    @property
    def mismatches(self) -> tuple[Mismatch, ...]:
        """The mismatches, highest precedence first; empty if the line matches the item."""
        return tuple(outcome for outcome in self.compared if isinstance(outcome, Mismatch))

    @property
    def tolerated(self) -> tuple[Tolerated, ...]:
        """The differences that the payer accepts."""
        return tuple(outcome for outcome in self.compared if isinstance(outcome, Tolerated))


def candidate(sides: Sides) -> Candidate:
    """Compare a claim line with an authorized item in every attribute."""
    return Candidate(sides.authorization, sides.item, tuple([each.compare(sides) for each in ATTRIBUTES]))


def oldest_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Sort candidates by the day of decision, oldest first."""
    return sorted(candidates, key=_age)


def closest(candidates: Sequence[Candidate]) -> Candidate:
    """Return the candidate whose mismatches help the biller most.

    A candidate for the same service wins, then a granted one, then the one with fewer mismatches, then the one whose
    mismatches have lower precedence, then the oldest.
    """
    return min(candidates, key=_distance)


def _age(candidate: Candidate) -> tuple[date, datetime, str, tuple[int, ...]]:
    authorization, item = candidate.authorization, candidate.item
    return item.decision.decided, authorization.created, authorization.id, item.requested.path


def _distance(candidate: Candidate) -> tuple[bool, bool, int, tuple[bool, ...]]:
    keys = {mismatch.reason_key for mismatch in candidate.mismatches}
    failing = tuple(isinstance(outcome, Mismatch) for outcome in candidate.compared)
    return AdjustmentKey.PROCEDURE_DIFFERS in keys, not _NOT_GRANTED.isdisjoint(keys), len(keys), failing
