"""Compare the component: professional (modifier 26), technical (TC) or the whole service."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.matching.mismatch import Mismatch

COMPONENTS = {"26": "the professional component (26)", "TC": "the technical component (TC)"}
WHOLE = "the whole service"


def compare(
    line: BilledLine, item: AuthorizedItem, _claim: BillingClaim, _authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch unless both components are equal. A whole service does not cover its components."""
    claimed, authorized = _component(line.modifiers), _component(item.requested.modifiers)
    if claimed == authorized:
        return None
    return Mismatch("component", claimed, authorized, AdjustmentKey.COMPONENT_DIFFERS)


def _component(modifiers: Iterable[str]) -> str:
    named = sorted(COMPONENTS.keys() & {modifier.upper() for modifier in modifiers})
    return " and ".join(COMPONENTS[component] for component in named) or WHOLE
