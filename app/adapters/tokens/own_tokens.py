"""Sign and verify the server's own tokens: RS256 JWTs.

https://www.rfc-editor.org/rfc/rfc9068 (JWT profile for OAuth 2.0 access tokens)
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec
from joserfc import jws
from joserfc.jwk import RSAKey

from app.access.grant import InvalidToken
from app.access.signed import NotSigned, verified_payload
from app.access.smart import access_token
from app.access.smart.access_token import NOT_OURS, AccessClaims, check_claims, client_claims
from app.access.verifier import Verified
from app.adapters.tokens.key_ring import ALGORITHM, KeyRing, VerifyingKey, header_of
from app.ports import Clock

LONGEST_TOKEN = 8192
TOKENS_REMEMBERED = 1024


def signed(key: RSAKey, type_: str, claims: bytes) -> str:
    """Sign claims (JSON) as a JWT of a type."""
    return jws.serialize_compact(header_of(key, type_), claims, key, algorithms=[ALGORITHM])


def mint(
    key: RSAKey,
    root: str,
    client: str,
    scopes: Collection[str],
    now: datetime,
    *,
    lifetime: timedelta,
    patient: str | None = None,
) -> str:
    """Sign an access token for a client of the server at `root`, valid from `now` for `lifetime`, at most 24 hours."""
    token_id = secrets.token_urlsafe(16)
    claims = client_claims(root, client, scopes, now, token_id=token_id, lifetime=lifetime, patient=patient)
    return signed(key, access_token.TYPE, msgspec.json.encode(claims))


class OwnTokens:
    """The tokens of the server at `root`. Implements `TokenVerifier` and `TokenSigner`."""

    def __init__(self, keys: KeyRing, root: str, clock: Clock) -> None:
        self._keys, self._root, self._clock = keys, root, clock
        self._read = lru_cache(TOKENS_REMEMBERED)(self._signed)

    async def verify(self, token: str, now: datetime) -> Verified:
        """Return what the token proves. Raises InvalidToken.

        All access tokens of one key have the same header. The header is compared, never interpreted, so that a caller
        cannot choose how its token is checked. Signatures are cached; times are checked at every use.
        """
        header = token.partition(".")[0]
        key = await self._key(header)
        if len(token) > LONGEST_TOKEN or key is None or not key.verifies(now.timestamp()):
            raise InvalidToken(NOT_OURS)
        claims, verified = self._read(token, header)
        check_claims(claims, self._root, now)
        return verified

    async def sign(self, type_: str, claims: bytes) -> str:
        """Sign claims (JSON) as a JWT of a type with the newest key."""
        return signed((await self._keys.keys()).signing, type_, claims)

    async def key_set(self) -> dict[str, Any]:
        """Return the public keys that verify tokens now."""
        now = self._clock.now().timestamp()
        return {"keys": [_published(row.key) for row in (await self._keys.keys()).all if row.verifies(now)]}

    async def _key(self, header: str) -> VerifyingKey | None:
        known = (await self._keys.keys()).by_header
        return known.get(header) or (await self._keys.newest()).by_header.get(header)

    def _signed(self, token: str, header: str) -> tuple[AccessClaims, Verified]:
        """Return the claims of a token that the key of this header signed. Raises InvalidToken for any other token."""
        try:
            payload = verified_payload(token, self._keys.current.by_header[header].key, ALGORITHM)
            claims = msgspec.json.decode(payload, type=AccessClaims)
        except (NotSigned, ValueError, RecursionError) as refused:
            raise InvalidToken(NOT_OURS) from refused
        return claims, claims.verified()


def _published(key: RSAKey) -> dict[str, Any]:
    public = {name: value for name, value in key.as_dict(private=False).items() if name in ("kty", "n", "e")}
    return {**public, "kid": key.kid, "use": "sig", "alg": ALGORITHM}
