"""Place: the line's place of service (or type of bill) against the one in the request, where both are given."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.matching.mismatch import Mismatch


def compare(
    line: BilledLine, item: AuthorizedItem, _claim: BillingClaim, _authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch where both name a place and the codes differ; the code set has several names in use."""
    claimed, authorized = line.place, item.requested.place
    if claimed is None or authorized is None or claimed.code == authorized.code:
        return None
    return Mismatch("place of service", claimed.code, authorized.code, AdjustmentKey.PLACE_DIFFERS)
