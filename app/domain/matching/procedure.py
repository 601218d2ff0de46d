"""Compare the codes of the line with the authorized service or range of services."""

from __future__ import annotations

from app.codes import family
from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.datatypes import Coding
from app.domain.matching.mismatch import Mismatch, listed
from app.domain.service_range import covers

Services = tuple[Coding, ...]


def compare(
    line: BilledLine, item: AuthorizedItem, _claim: BillingClaim, _authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch unless the line bills the authorized service.

    A granted code replaces the requested codes. The codes of every family that both sides name must agree. An item
    authorized by its revenue code alone compares the revenue code.
    """
    authorized, end = _authorized(item)
    billed = line.services
    if not authorized and item.requested.revenue is not None:
        authorized, billed = (item.requested.revenue,), () if line.revenue is None else (line.revenue,)
    if _agree(authorized, end, billed):
        return None
    claimed_codes, codes = _in_words(authorized, billed)
    return Mismatch(
        "procedure",
        claimed_codes,
        codes if end is None else f"{codes} to {end.code}",
        AdjustmentKey.PROCEDURE_DIFFERS,
    )


def _in_words(authorized: Services, billed: Services) -> tuple[str, str]:
    """Return the billed and the authorized codes as text, with their systems if the codes alone do not differ."""
    claimed_codes, codes = (listed(coding.code for coding in services) for services in (billed, authorized))
    if claimed_codes != codes:
        return claimed_codes, codes
    claimed_codes, codes = (
        listed(f"{one.code} of {one.system}" for one in services) for services in (billed, authorized)
    )
    return claimed_codes, codes


def _authorized(item: AuthorizedItem) -> tuple[Services, Coding | None]:
    granted = item.decision.granted
    if granted is not None and granted.service is not None:
        return (granted.service,), None
    return item.requested.services, item.requested.service_end


def _agree(authorized: Services, end: Coding | None, billed: Services) -> bool:
    shared = {family(start.system) for start in authorized} & {family(code.system) for code in billed}
    return bool(shared) and all(
        any(covers(start, end, code) for start in authorized) for code in billed if family(code.system) in shared
    )
