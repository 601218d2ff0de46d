"""The port of token verification; each kind of token has an adapter."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from app.access.grant import Grant


class TokenVerifier(Protocol):
    """Identifies the caller by bearer token."""

    def verify(self, token: str, now: datetime) -> Grant:
        """Return the grant of a token. Raises access.grant.InvalidToken for an invalid token."""
        ...
