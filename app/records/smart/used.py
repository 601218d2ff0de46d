"""Let a signed statement or assertion be used once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.ports import Documents
from app.records.smart.kinds import USED_ASSERTIONS, UsedAssertion
from app.records.smart.shelf import digest

KEPT_AFTER_EXPIRY = timedelta(minutes=11)
"""How long after its end a used assertion is remembered: two servers, each ready with a clock five minutes off that of
the store (`safety.clock`), and the skew that an assertion may have."""


async def use_once(documents: Documents, sender: str, jti: str, now: datetime, expires: float) -> None:
    """Use a `jti` of its sender up; of parallel uses, one wins. Raises Conflict if it was used before."""
    until = datetime.fromtimestamp(expires, UTC) + KEPT_AFTER_EXPIRY
    await USED_ASSERTIONS.keep(documents, digest(f"{sender}\n{jti}"), UsedAssertion(), now, until)
