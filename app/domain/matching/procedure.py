"""Compare the codes of the line with the authorized service or range of services."""

from __future__ import annotations

from app.codes import CDT, CPT, ICD_10_PCS, family
from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.datatypes import Coding
from app.domain.matching.mismatch import Mismatch, listed
from app.domain.service_range import covers

Services = tuple[Coding, ...]

PROCEDURES = frozenset({CPT, CDT, ICD_10_PCS})
"""The families of procedure codes. A billed one must be authorized; other codes may only translate the service."""


def compare(
    line: BilledLine, item: AuthorizedItem, _claim: BillingClaim, _authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch unless the line bills the authorized service.

    A granted code replaces the requested codes. The codes of every family that both sides name must agree. A billed
    procedure and the end of a billed range must be authorized, too: no review looked at another one. An item
    authorized by its revenue code alone compares the revenue code.
    """
    authorized, end = _authorized(item)
    billed = line.services
    if not authorized and item.requested.revenue is not None:
        authorized, billed = (item.requested.revenue,), billed if line.revenue is None else (*billed, line.revenue)
    last = line.service_end
    if _agree(authorized, end, billed) and (last is None or _is_covered(authorized, end, last)):
        return None
    claimed_codes, codes = _in_words((billed, last), (authorized, end))
    return Mismatch("procedure", claimed_codes, codes, AdjustmentKey.PROCEDURE_DIFFERS)


def _in_words(*sides: tuple[Services, Coding | None]) -> tuple[str, ...]:
    """Return the codes of each side as text, with their systems if the codes alone do not differ."""
    codes = tuple([_range(listed([coding.code for coding in services]), end) for services, end in sides])
    if len(set(codes)) == len(sides):
        return codes
    return tuple([_range(listed([f"{one.code} of {one.system}" for one in services]), end) for services, end in sides])


def _range(codes: str, end: Coding | None) -> str:
    return codes if end is None else f"{codes} to {end.code}"


def _authorized(item: AuthorizedItem) -> tuple[Services, Coding | None]:
    granted = item.decision.granted
    if granted is not None and granted.service is not None:
        return (granted.service,), None
    return item.requested.services, item.requested.service_end


def _agree(authorized: Services, end: Coding | None, billed: Services) -> bool:
    """Return whether both sides name a family.

    In that family, every billed code must be authorized, and so must every billed procedure.
    """
    agreed = False
    for code in billed:
        alike = [start for start in authorized if family(start.system) == family(code.system)]
        compared = alike or family(code.system) in PROCEDURES
        if compared and not any(covers(start, end, code) for start in alike):
            return False
        agreed = agreed or bool(alike)
    return agreed


def _is_covered(authorized: Services, end: Coding | None, code: Coding) -> bool:
    return any(covers(start, end, code) for start in authorized)
