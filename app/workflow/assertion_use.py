"""Use a client's assertion up: it gives one token, in every process and after every restart."""

from __future__ import annotations

from datetime import datetime

from app.access.smart.oauth_error import invalid_client
from app.ports import Conflict, Documents
from app.records.smart.used import use_once


async def use_assertion(documents: Documents, client: str, jti: str, now: datetime, expires: float) -> None:
    """Mark the assertion as used. Call it last, so that only the client itself can use a jti up. Raises OAuthError."""
    try:
        await use_once(documents, client, jti, now, expires)
    except Conflict as used:
        raise invalid_client("The assertion was used before: each request must have an assertion of its own.") from used
