"""Units: whether the line's quantity can be counted, in the unit that was authorized. What is left is the ledger's."""

from __future__ import annotations

from decimal import Decimal

from app.domain.adjustment.key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.ledger import PLACES
from app.domain.matching.mismatch import Mismatch

LARGEST = Decimal("1e12")
"""Beyond this a quantity is a mistake, and sums of it would not be exact."""


def compare(
    line: BilledLine, item: AuthorizedItem, _claim: BillingClaim, _authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch for a quantity that is not a positive number of thousandths, or is in another unit."""
    if not _countable(line.quantity):
        accepted = f"more than 0 and up to {LARGEST:,f}, with three decimals at most"
        return Mismatch("quantity", f"{line.quantity:.6g}", accepted, AdjustmentKey.QUANTITY_UNUSABLE)
    granted = item.decision.granted
    if granted is None or granted.quantity is None or line.unit is None:
        return None
    authorized = granted.unit or item.requested.unit
    if authorized is None or line.unit == authorized:
        return None
    return Mismatch("unit", line.unit, authorized, AdjustmentKey.UNIT_DIFFERS)


def _countable(quantity: Decimal) -> bool:
    return quantity.is_finite() and 0 < quantity <= LARGEST and quantity == quantity.quantize(PLACES)
