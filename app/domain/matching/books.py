"""What the lines of one claim have taken so far, beside what was left before the claim."""

from __future__ import annotations

from decimal import Decimal

from app.domain.billing import Draw
from app.domain.ledger import EXACT, available
from app.domain.matching.candidate import Candidate


class Books:
    """The units left while a claim is answered, by authorization and item. No authorization is changed by it."""

    __slots__ = ("_drawn_on", "_left")

    def __init__(self) -> None:
        self._left: dict[tuple[str, int], Decimal | None] = {}
        self._drawn_on: set[tuple[str, int]] = set()

    def left(self, candidate: Candidate) -> Decimal | None:
        """Return the units that the next line can still draw; None where there is no cap."""
        key = candidate.key
        if key not in self._left:
            self._left[key] = available(candidate.item)
        return self._left[key]

    def untouched(self, candidate: Candidate) -> bool:
        """Whether no line of this claim has drawn on it."""
        return candidate.key not in self._drawn_on

    def take(self, one: Draw) -> None:
        """Note a draw on what `left` was asked of."""
        key = one.authorization, one.item
        self._drawn_on.add(key)
        left = self._left[key]
        self._left[key] = None if left is None else EXACT.subtract(left, one.units)
