"""Compare the unit, and check that the quantity is countable. The ledger checks the units left."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.ledger import LARGEST, countable
from app.domain.matching.mismatch import Mismatch
from app.domain.units import name_of, same_basis


def compare(
    line: BilledLine, item: AuthorizedItem, _claim: BillingClaim, _authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch if the quantity is not a positive number of thousandths or the unit differs."""
    if not countable(line.quantity):
        countable_units = f"greater than 0 and at most {LARGEST:,f}, with at most three decimals"
        return Mismatch("quantity", f"{line.quantity:.6g}", countable_units, AdjustmentKey.QUANTITY_UNUSABLE)
    granted = item.decision.granted
    if granted is None or granted.quantity is None:
        return None
    authorized = granted.unit or item.requested.unit
    if same_basis(line.unit, authorized):
        return None
    return Mismatch("unit", name_of(line.unit), name_of(authorized), AdjustmentKey.UNIT_DIFFERS)
