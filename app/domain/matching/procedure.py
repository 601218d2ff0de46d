"""Procedure: the line's `productOrService` against the authorized code, or the authorized range of codes."""

from __future__ import annotations

import re

from app.codes import family
from app.domain.adjustment_key import AdjustmentKey
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine, BillingClaim
from app.domain.matching.mismatch import Mismatch, listed
from app.domain.request import Coding

_DIGIT = re.compile("[0-9]")


def compare(
    line: BilledLine, item: AuthorizedItem, _claim: BillingClaim, _authorization: Authorization
) -> Mismatch | None:
    """Return a mismatch unless one of the line's codes is one of the authorized ones, or lies in their range.

    A code granted in place of the requested one is the only one authorized. CPT is level I of HCPCS, so that a code is
    the same in either system.
    """
    granted = item.decision.granted
    authorized, end = item.requested.services, item.requested.service_end
    if granted is not None and granted.service is not None:
        authorized, end = (granted.service,), None
    if any(_covers(start, end, billed) for start in authorized for billed in line.services):
        return None
    wanted = listed(coding.code for coding in authorized)
    return Mismatch(
        "procedure",
        listed(coding.code for coding in line.services),
        wanted if end is None else f"{wanted} to {end.code}",
        AdjustmentKey.PROCEDURE_DIFFERS,
    )


def _covers(start: Coding, end: Coding | None, billed: Coding) -> bool:
    if family(start.system) != family(billed.system):
        return False
    first, code = start.code.upper(), billed.code.upper()
    if code == first or end is None or family(end.system) != family(start.system):
        return code == first
    last = end.code.upper()
    # Only codes with digits and letters in the same places are of one kind, and sort as text.
    return first <= code <= last and len({_DIGIT.sub("0", each) for each in (first, code, last)}) == 1
