"""Check that a token of this server was not revoked, by a row read at most 30 seconds ago."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.access.grant import InvalidToken
from app.access.verifier import Verified
from app.ports import Documents
from app.records.smart.kinds import FAMILIES, REVOKED
from app.records.smart.shelf import digest

FRESH_FOR = timedelta(seconds=30)
"""How long a token is used without reading again whether it was revoked."""

MOST_KEPT = 10_000


class Revocations:
    """Remembers which tokens were good, and when."""

    def __init__(self) -> None:
        self._good: dict[str, datetime] = {}
        self._forgotten = 0

    async def check(self, documents: Documents, verified: Verified, now: datetime) -> None:
        """Raise InvalidToken if the token was revoked: its whole family, or itself if it has none.

        Tokens of other issuers end when they expire.
        """
        if verified.claimed is not None:
            return
        key = verified.family or digest(verified.token)
        read = self._good.get(key)
        if read is not None and timedelta(0) <= now - read < FRESH_FOR:
            return
        self._good.pop(key, None)
        forgotten = self._forgotten
        if not await (_is_family_good if verified.family else _is_not_revoked)(documents, key, now):
            raise InvalidToken("it was revoked")
        if forgotten != self._forgotten:  # a revocation may have come between the read and this line
            return
        if len(self._good) >= MOST_KEPT:
            self._good.clear()
        self._good[key] = now

    def forget(self, key: str) -> None:
        """Read the row of a family, or of a token, at its next use."""
        self._forgotten += 1
        self._good.pop(key, None)


async def _is_family_good(documents: Documents, key: str, now: datetime) -> bool:
    family = await FAMILIES.find(documents, key, now)
    return family is not None and not family.value.revoked


async def _is_not_revoked(documents: Documents, key: str, now: datetime) -> bool:
    return await REVOKED.find(documents, key, now) is None
