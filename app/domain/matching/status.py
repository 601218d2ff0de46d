"""Compare the item's review action (X12 306): only a certified or modified item can be billed."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.decision import ReviewAction
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.mismatch import Outcome

_NOT_BILLABLE = {
    ReviewAction.NOT_CERTIFIED: ("nothing (the request was denied)", AdjustmentKey.REQUEST_DENIED),
    ReviewAction.CANCELLED: ("nothing (the request was cancelled)", AdjustmentKey.NUMBER_UNKNOWN),
    ReviewAction.PENDED: ("nothing yet (the request is pending)", AdjustmentKey.REQUEST_PENDING),
    ReviewAction.NOT_REQUIRED: ("nothing (the service needed no authorization)", AdjustmentKey.NUMBER_UNKNOWN),
    ReviewAction.FORWARDED: ("nothing (another organization decides for the payer)", AdjustmentKey.NUMBER_UNKNOWN),
}


class Status(Attribute):
    """The decision on the item, which must grant the service."""

    name = "status"
    missing_on_bill = "A bill has no status."
    missing_on_authorization = "Each item has a decision."
    reasons = (AdjustmentKey.REQUEST_DENIED, AdjustmentKey.REQUEST_PENDING, AdjustmentKey.NUMBER_UNKNOWN)

    def compare(self, sides: Sides) -> Outcome:
        """Return a mismatch if the item is denied, cancelled, pended or forwarded."""
        refusal = _NOT_BILLABLE.get(sides.item.decision.action)
        return None if refusal is None else self.differs("this service", *refusal)
