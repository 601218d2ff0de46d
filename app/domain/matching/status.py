"""Compare the item's review action (X12 306): only a certified or modified item can be billed."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.decision import ReviewAction
from app.domain.matching.mismatch import Mismatch


def compare(
    _line: BilledLine, item: AuthorizedItem, _claim: BillingClaim, _authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch if the item is denied, cancelled, pended or forwarded."""
    if item.decision.action is ReviewAction.NOT_CERTIFIED:
        return Mismatch("status", "this service", "nothing (the request was denied)", AdjustmentKey.REQUEST_DENIED)
    if item.decision.action is ReviewAction.CANCELLED:
        return Mismatch("status", "this service", "nothing (the request was cancelled)", AdjustmentKey.NUMBER_UNKNOWN)
    if item.decision.action is ReviewAction.PENDED:
        return Mismatch("status", "this service", "nothing yet (the request is pending)", AdjustmentKey.REQUEST_PENDING)
    if item.decision.action is ReviewAction.NOT_REQUIRED:
        text = "nothing (the service needed no authorization)"
        return Mismatch("status", "this service", text, AdjustmentKey.NUMBER_UNKNOWN)
    if item.decision.action is ReviewAction.FORWARDED:
        text = "nothing (another organization decides for the payer)"
        return Mismatch("status", "this service", text, AdjustmentKey.NUMBER_UNKNOWN)
    return None
