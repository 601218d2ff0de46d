"""Compare the place of service (or type of bill) of the line and the request."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.matching.mismatch import Mismatch


def compare(
    line: BilledLine, item: AuthorizedItem, _claim: BillingClaim, _authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch unless the line has the authorized place. Systems do not count: several are in use."""
    claimed, authorized = line.place, item.requested.place
    if authorized is None:
        return None
    if claimed is None:
        return Mismatch("place of service", "none", authorized.code, AdjustmentKey.PLACE_MISSING)
    if claimed.code == authorized.code:
        return None
    return Mismatch("place of service", claimed.code, authorized.code, AdjustmentKey.PLACE_DIFFERS)
