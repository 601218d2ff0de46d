"""Compare the rendering provider (or else the billing provider) with the authorized providers (or the requestor)."""

from __future__ import annotations

from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.matching.mismatch import Mismatch, listed


def compare(
    line: BilledLine, item: AuthorizedItem, claim: BillingClaim, authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch unless the NPI is authorized. An authorization without NPIs covers any provider."""
    requestor = (authorization.requestor.npi,) if authorization.requestor.npi else ()
    authorized = item.requested.providers or requestor
    claimed = line.providers[0] if line.providers else claim.provider.npi
    if not authorized or claimed in authorized:
        return None
    return Mismatch(
        "rendering provider",
        f"NPI {claimed}" if claimed else "no NPI",
        f"NPI {listed(authorized)}",
        AdjustmentKey.RENDERING_PROVIDER_DIFFERS,
    )
