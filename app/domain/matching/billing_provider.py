"""Billing provider: the tax number of who bills against the tax number of who requested, where both carry one."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.matching.mismatch import Mismatch


def compare(
    _line: BilledLine, _item: AuthorizedItem, claim: BillingClaim, authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch where both tax numbers are known and differ; `12-3456789` and `123456789` are the same."""
    claimed, authorized = claim.provider.tax_id, authorization.requestor.tax_id
    if not claimed or not authorized or claimed.replace("-", "") == authorized.replace("-", ""):
        return None
    return Mismatch(
        "billing provider",
        "a TIN that is not the requestor's",
        "the requestor's TIN",
        AdjustmentKey.BILLING_PROVIDER_DIFFERS,
    )
