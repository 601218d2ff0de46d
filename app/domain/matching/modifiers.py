"""Compare the modifiers that change the service: rental, purchase, assistant."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.matching.mismatch import Mismatch, listed

SIGNIFICANT = frozenset({"RR", "NU", "UE", "80", "81", "82", "AS"})
"""The modifiers compared here. Others only inform (GP, 59, 95 ...) or name a component (see `component`)."""


def compare(
    line: BilledLine, item: AuthorizedItem, _claim: BillingClaim, _authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch unless line and item have the same significant modifiers."""
    claimed, authorized = _significant(line.modifiers), _significant(item.requested.modifiers)
    if claimed == authorized:
        return None
    return Mismatch("modifiers", listed(claimed), listed(authorized), AdjustmentKey.MODIFIER_DIFFERS)


def _significant(modifiers: Iterable[str]) -> frozenset[str]:
    return SIGNIFICANT.intersection(modifier.upper() for modifier in modifiers)
