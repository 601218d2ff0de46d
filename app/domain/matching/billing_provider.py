"""Compare the billing provider's tax ID with the requestor's tax ID."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.matching.mismatch import Mismatch


def compare(
    _line: BilledLine, _item: AuthorizedItem, claim: BillingClaim, authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch if both tax IDs are known and differ. Hyphens do not count."""
    claimed, authorized = claim.provider.tax_id, authorization.requestor.tax_id
    if not claimed or not authorized or claimed.replace("-", "") == authorized.replace("-", ""):
        return None
    return Mismatch(
        "billing provider",
        "another tax ID",
        "the requestor's tax ID",
        AdjustmentKey.BILLING_PROVIDER_DIFFERS,
    )
