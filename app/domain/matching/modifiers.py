"""Compare the modifiers that change the service: rental, purchase, assistant, and the side of the body."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.adjustment_key import AdjustmentKey
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.mismatch import Outcome, listed
from app.domain.parts.matching_terms import PricingModifiers

ROLES = frozenset({"80", "81", "82", "AS"})
"""The assistants at surgery. Each compares as the role that it names."""

PRICING = frozenset({"RR", "NU", "UE"})
"""Rental, purchase of a new item, purchase of a used item."""

LATERALITY = frozenset({"50", "LT", "RT"})
"""Both sides, left and right. They count only by the mode of the service."""

SIGNIFICANT = ROLES | PRICING
"""The modifiers that always count. Others only inform (GP, 59, 53 ...) or name a component (see `component`)."""


class Modifiers(Attribute):
    """The significant modifiers, which must be the same set."""

    name = "modifiers"
    missing_on_bill = "The authorization must have no significant modifier either."
    missing_on_authorization = "The bill must have none either, except under the tolerance."
    tolerances = (PricingModifiers,)
    reasons = (AdjustmentKey.MODIFIER_DIFFERS,)

    def compare(self, sides: Sides) -> Outcome:
        """Return a mismatch unless line and item have the same significant modifiers."""
        claimed, authorized = _upper(sides.line.modifiers), _upper(sides.item.requested.modifiers)
        counted = SIGNIFICANT
        if not LATERALITY.isdisjoint(claimed | authorized) and sides.modes.laterality:
            counted |= LATERALITY
        claimed, authorized = claimed & counted, authorized & counted
        if claimed == authorized:
            return None
        accepted = sides.tolerated_by(PricingModifiers) if claimed - PRICING == authorized else []
        return self.differs(listed(claimed), listed(authorized), AdjustmentKey.MODIFIER_DIFFERS, accepted)


def _upper(modifiers: Iterable[str]) -> frozenset[str]:
    return frozenset(modifier.upper() for modifier in modifiers)
