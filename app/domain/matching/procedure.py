"""Compare the procedure codes of the line with the authorized code or range of codes."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.matching.mismatch import Mismatch, listed
from app.domain.service_range import covers


def compare(
    line: BilledLine, item: AuthorizedItem, _claim: BillingClaim, _authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch unless a code of the line is an authorized code or lies in the authorized range.

    A granted code replaces the requested codes.
    """
    granted = item.decision.granted
    authorized, end = item.requested.services, item.requested.service_end
    if granted is not None and granted.service is not None:
        authorized, end = (granted.service,), None
    if any(covers(start, end, billed) for start in authorized for billed in line.services):
        return None
    codes = listed(coding.code for coding in authorized)
    return Mismatch(
        "procedure",
        listed(coding.code for coding in line.services),
        codes if end is None else f"{codes} to {end.code}",
        AdjustmentKey.PROCEDURE_DIFFERS,
    )
