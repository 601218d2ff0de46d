"""Say whether a store was used: whether a request or an administrator left something in it."""

from __future__ import annotations

from collections.abc import Iterable

from app.access.reach import PAYER
from app.domain.authorization import UNKNOWN_PAYER
from app.ports import AnyOf, Documents, Query

FILLED_BY_USE = ("Claim", "Patient")
"""Types that an unused store has no resources of."""


async def is_used(documents: Documents, payers: Iterable[str]) -> bool:
    """Return whether the store has resources of these payers, or requests to an unknown one."""
    of_a_payer = AnyOf(PAYER, (*payers, UNKNOWN_PAYER))
    for type_ in FILLED_BY_USE:
        if await documents.find(Query(type_, (of_a_payer,), limit=1)):
            return True
    return False
