"""The components of an authorized whole service: the professional and the technical one draw half a unit each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from app.domain.ledger import EXACT, LedgerEntry, open_draws

HALF = Decimal("0.5")
"""The units that one component of a service draws."""


def used_by_component(entries: Iterable[LedgerEntry], item: str) -> Mapping[str, Decimal]:
    """Return the units that each component of an item has drawn, from all entries of an authorization."""
    used: defaultdict[str, Decimal] = defaultdict(Decimal)
    for draw in open_draws(entries):
        if draw.item == item and draw.component:
            used[draw.component] = EXACT.subtract(used[draw.component], draw.units)
    return used
