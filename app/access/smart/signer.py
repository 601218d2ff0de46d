"""The port of signatures: the server signs the tokens that it issues."""

from __future__ import annotations

from typing import Any, Protocol


class TokenSigner(Protocol):
    """Signs tokens with the server's own key, and publishes the keys that verify them."""

    async def sign(self, type_: str, claims: bytes) -> str:
        """Sign claims (JSON) as a JWT with RS256; `type_` is `at+jwt` for an access token, `JWT` for an id token."""
        ...

    async def key_set(self) -> dict[str, Any]:
        """Return the JWKS: the public keys that verify tokens now, the signing key first."""
        ...
