"""The condition on a gold card of the policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, Protocol

from pydantic import PrivateAttr

from app.policy.facts.line_facts import LineFacts
from app.policy.yaml.model import Data

GOLD_CARDS = "gold-cards"
"""The key of the gold cards in the context of a policy that is being read."""


class Card(Protocol):
    """A gold card."""

    def covers(self, facts: LineFacts) -> bool | None:
        """Return whether the card covers the line; None if it is not known."""


class GoldCardHeld(Data):
    """The condition that all who perform the service have a gold card of the policy for it, on the day of service.

    The performing providers count, or else the requestor or the biller. Without an NPI, it is not known.
    """

    test: Literal["gold-card"]
    fact: ClassVar[str] = "NPI of the performing provider"

    _cards: Sequence[Card] = PrivateAttr(default=())

    def model_post_init(self, context: Any, /) -> None:
        """Keep the gold cards of the policy."""
        self._cards = (context or {}).get(GOLD_CARDS, ())

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return "performing provider with a gold card for the service"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether a card covers the line."""
        covered = [card.covers(facts) for card in self._cards]
        return True if True in covered else None if None in covered else False
