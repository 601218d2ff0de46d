"""Compare the billing provider's tax ID with the requestor's tax ID."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.matching.mismatch import Mismatch


def compare(
    _line: BilledLine, _item: AuthorizedItem, claim: BillingClaim, authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch unless the tax IDs are equal, if the requestor's is known. Hyphens do not count.

    The requestor's NPI on the claim stands for its tax ID.
    """
    biller, requestor = claim.provider, authorization.requestor
    if not requestor.tax_id:
        return None
    if biller.tax_id:
        if biller.tax_id.replace("-", "") == requestor.tax_id.replace("-", ""):
            return None
        claimed, key = "another tax ID", AdjustmentKey.BILLING_PROVIDER_DIFFERS
    else:
        if biller.npi is not None and biller.npi == requestor.npi:
            return None
        claimed, key = "no tax ID", AdjustmentKey.BILLING_PROVIDER_MISSING
    return Mismatch("billing provider", claimed, "the requestor's tax ID", key)
