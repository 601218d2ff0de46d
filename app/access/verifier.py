"""The port of token verification: an adapter keeps it for each kind of token."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from app.access.grant import Grant


class TokenVerifier(Protocol):
    """Who is calling, by bearer token."""

    def verify(self, token: str, now: datetime) -> Grant:
        """Return what the token grants. Raises access.grant.InvalidToken when it grants nothing."""
        ...
