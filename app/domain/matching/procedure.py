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
    claimed_codes = listed([coding.code for coding in billed])
    codes = listed([coding.code for coding in authorized])
    if claimed_codes != codes:
        return claimed_codes, codes
    return _with_systems(billed), _with_systems(authorized)


def _with_systems(services: Services) -> str:
    return listed([f"{coding.code} of {coding.system}" for coding in services])


def _authorized(item: AuthorizedItem) -> tuple[Services, Coding | None]:
    granted = item.decision.granted
    if granted is not None and granted.service is not None:
        return (granted.service,), None
    return item.requested.services, item.requested.service_end


def _agree(authorized: Services, end: Coding | None, billed: Services) -> bool:
    """Return whether both sides name a family, and in those families every billed code is authorized."""
    agreed = False
    for code in billed:
        alike = [start for start in authorized if family(start.system) == family(code.system)]
        if alike and not any(covers(start, end, code) for start in alike):
            return False
        agreed = agreed or bool(alike)
    return agreed
