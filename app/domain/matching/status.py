"""Status: the item's review action (X12 306) against what can be billed, which is a certified or modified item."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem, ReviewAction
from app.domain.billing import BilledLine, BillingClaim
from app.domain.matching.mismatch import Mismatch


def compare(
    _line: BilledLine, item: AuthorizedItem, _claim: BillingClaim, _authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch where the item was denied or cancelled, or is still pended; nothing can be drawn from it."""
    if item.decision.action is ReviewAction.NOT_CERTIFIED:
        return Mismatch("status", "this service", "nothing: the request was denied", AdjustmentKey.REQUEST_DENIED)
    if item.decision.action is ReviewAction.CANCELLED:
        return Mismatch("status", "this service", "nothing: it was cancelled", AdjustmentKey.NUMBER_UNKNOWN)
    if item.decision.action is ReviewAction.PENDED:
        return Mismatch("status", "this service", "nothing yet: it is under review", AdjustmentKey.REQUEST_PENDING)
    return None
