"""Track the units left in each authorized item while one claim is answered."""

from __future__ import annotations

from decimal import Decimal

from app.domain.billing import Draw
from app.domain.ledger import EXACT, available
from app.domain.matching.candidate import Candidate


class Books:
    """The units left in each item, by authorization and item number. The authorizations do not change."""

    __slots__ = ("_drawn_on", "_left")

    def __init__(self) -> None:
        self._left: dict[tuple[str, str], Decimal | None] = {}
        self._drawn_on: set[tuple[str, str]] = set()

    def left(self, candidate: Candidate) -> Decimal | None:
        """Return the units that the next line can draw; None if there is no limit."""
        key = candidate.key
        if key not in self._left:
            self._left[key] = available(candidate.item)
        return self._left[key]

    def untouched(self, candidate: Candidate) -> bool:
        """Return whether no line of this claim has drawn on the item."""
        return candidate.key not in self._drawn_on

    def take(self, draw: Draw) -> None:
        """Record a draw. Call `left` for its item first."""
        key = draw.authorization, draw.item
        self._drawn_on.add(key)
        left = self._left[key]
        self._left[key] = None if left is None else EXACT.subtract(left, draw.units)
