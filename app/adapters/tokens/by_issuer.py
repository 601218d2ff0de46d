"""Choose the verifier of a token by the issuer that the token names. The choice proves nothing; the verifier proves."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from datetime import datetime

import msgspec

from app.access.grant import InvalidToken
from app.access.verifier import TokenVerifier, Verified

LONGEST_TOKEN = 8192


class _Issued(msgspec.Struct, frozen=True):
    iss: str


class ByIssuer:
    """The tokens of all issuers that the server trusts, itself among them. Implements `TokenVerifier`."""

    def __init__(self, verifiers: Mapping[str, TokenVerifier]) -> None:
        self._verifiers = verifiers

    async def verify(self, token: str, now: datetime) -> Verified:
        """Return the facts that the token proves. Raises InvalidToken, and KeysUnavailable."""
        verifier = self._verifiers.get(_issuer_of(token))
        if verifier is None:
            raise InvalidToken("its issuer is not one that this server trusts")
        return await verifier.verify(token, now)


def _issuer_of(token: str) -> str:
    """Return the issuer that a token names. Raises InvalidToken for a text that is not a signed JWT, or is too long."""
    parts = token.split(".", 3)
    if not token.isascii() or len(token) > LONGEST_TOKEN or len(parts) != 3:  # noqa: PLR2004 - header, payload, signature
        raise InvalidToken("it is not a signed JWT")
    try:
        payload = urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        return msgspec.json.decode(payload, type=_Issued).iss
    except (ValueError, RecursionError) as unreadable:
        raise InvalidToken("it is not a signed JWT") from unreadable
