"""Read the block `types` of a policy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from app.domain.request import RequestedItem
from app.policy.by_type.gold_card import GoldCard
from app.policy.by_type.late_requests import LateRequests
from app.policy.by_type.peer_to_peer import PeerToPeer
from app.policy.by_type.step_therapy import StepTherapy, stepped
from app.policy.by_type.vendor import Vendor
from app.policy.conditions.gold_card import GOLD_CARDS
from app.policy.yaml.model import Data


class TypeTerms(Data):
    """The payer's terms by type of review. Without terms of a type, only the rules decide."""

    retrospective: LateRequests | None = None
    peer_to_peer: PeerToPeer | None = None
    gold_card: tuple[GoldCard, ...] = ()
    delegated: tuple[Vendor, ...] = ()
    step_therapy: tuple[StepTherapy, ...] = ()

    def model_post_init(self, context: Any, /) -> None:
        """Let the conditions of the rules, which are read afterwards, know the gold cards."""
        if context is not None:
            context[GOLD_CARDS] = self.gold_card

    @property
    def late_requests(self) -> timedelta | None:
        """The longest time from a service to a request for it; None if the payer allows no late request."""
        reasons = () if self.retrospective is None else self.retrospective.allowed
        return max((reason.within for reason in reasons), default=None)

    def referral(self, vendor: str) -> str:
        """Return the sentence that sends a provider to a vendor."""
        return next(each.referral for each in self.delegated if each.vendor == vendor)

    def stepped(self, items: Sequence[RequestedItem]) -> frozenset[str]:
        """Return the numbers of the items with a drug for which other drugs come first."""
        return stepped(self.step_therapy, items)
