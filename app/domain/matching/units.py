"""Units: whether the line's quantity can be counted, in the unit that was authorized. What is left is the ledger's."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.ledger import LARGEST, countable
from app.domain.matching.mismatch import Mismatch


def compare(
    line: BilledLine, item: AuthorizedItem, _claim: BillingClaim, _authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch for a quantity that is not a positive number of thousandths, or is in another unit."""
    if not countable(line.quantity):
        accepted = f"more than 0 and up to {LARGEST:,f}, with three decimals at most"
        return Mismatch("quantity", f"{line.quantity:.6g}", accepted, AdjustmentKey.QUANTITY_UNUSABLE)
    granted = item.decision.granted
    if granted is None or granted.quantity is None or line.unit is None:
        return None
    authorized = granted.unit or item.requested.unit
    if authorized is None or line.unit == authorized:
        return None
    return Mismatch("unit", line.unit, authorized, AdjustmentKey.UNIT_DIFFERS)
