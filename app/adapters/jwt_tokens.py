"""Sign and verify the server's own access tokens: RS256 JWTs.

https://www.rfc-editor.org/rfc/rfc9068 (JWT profile for OAuth 2.0 access tokens)
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from app.access.grant import InvalidToken
from app.access.verifier import Verified

ALGORITHM = "RS256"
AUDIENCE = "preauth"
ISSUER = "preauth"
LONGEST_LIFETIME = timedelta(hours=24)
LONGEST_TOKEN = 8192
SKEW = timedelta(seconds=30)
TOKENS_REMEMBERED = 1024

NOT_OURS = "it is not a token that this server issued"


class Claims(msgspec.Struct, frozen=True, omit_defaults=True):
    """The claims of a token. Decoding refuses a missing claim and a claim of another type."""

    iss: str
    aud: str
    sub: str
    client_id: str
    jti: str
    iat: int
    nbf: int
    exp: int
    scope: str
    patient: str | None = None


def mint(
    key: RSAKey,
    client: str,
    scopes: Collection[str],
    now: datetime,
    lifetime: timedelta,
    *,
    patient: str | None = None,
) -> str:
    """Sign a token for a client with `scopes`, valid from `now` for `lifetime` (at most 24 hours)."""
    issued = int(now.timestamp())
    claims = Claims(
        iss=ISSUER,
        aud=AUDIENCE,
        sub=client,
        client_id=client,
        jti=secrets.token_urlsafe(16),
        iat=issued,
        nbf=issued,
        exp=issued + int(min(lifetime, LONGEST_LIFETIME).total_seconds()),
        scope=" ".join(sorted(scopes)),
        patient=patient,
    )
    return jws.serialize_compact(_header(key), msgspec.json.encode(claims), key, algorithms=[ALGORITHM])


class JwtTokens:
    """Verify the server's own tokens. Implements `TokenVerifier`."""

    def __init__(self, key: RSAKey) -> None:
        self._key = key
        self._header = jws.serialize_compact(_header(key), b"", key, algorithms=[ALGORITHM]).partition(".")[0]
        self._read = lru_cache(TOKENS_REMEMBERED)(self._signed)

    async def verify(self, token: str, now: datetime) -> Verified:
        """Return the facts that the token proves. Raises InvalidToken.

        All tokens of this server have the same header. The header is compared, never interpreted, so that a caller
        cannot choose how its token is checked. Signatures are cached; times are checked at every use.
        """
        claims, verified = self._read(token)
        _check(claims, now.timestamp())
        return verified

    def _signed(self, token: str) -> tuple[Claims, Verified]:
        """Return the claims of a token signed with this key. Raises InvalidToken for any other token."""
        if len(token) > LONGEST_TOKEN or token.partition(".")[0] != self._header:
            raise InvalidToken(NOT_OURS)
        try:
            signed = jws.deserialize_compact(token, self._key, algorithms=[ALGORITHM])
            claims = msgspec.json.decode(signed.payload, type=Claims)
        except (JoseError, ValueError) as refused:
            raise InvalidToken(NOT_OURS) from refused
        if claims.iss != ISSUER:
            raise InvalidToken(NOT_OURS)
        return claims, _verified(claims)


def _header(key: RSAKey) -> dict[str, str | None]:
    return {"typ": "at+jwt", "alg": ALGORITHM, "kid": key.kid}


def _check(claims: Claims, now: float) -> None:
    skew = SKEW.total_seconds()
    if claims.aud != AUDIENCE or claims.sub != claims.client_id:
        raise InvalidToken(NOT_OURS)
    if claims.exp <= now:
        raise InvalidToken("it has expired")
    if claims.exp > now + LONGEST_LIFETIME.total_seconds() + skew:
        raise InvalidToken("it is valid for longer than 24 hours")
    if claims.nbf > now + skew or claims.iat > now + skew:
        raise InvalidToken("it is not valid yet")


def _verified(claims: Claims) -> Verified:
    return Verified(
        issuer=claims.iss,
        client=claims.client_id,
        subject=claims.sub,
        scopes=frozenset(claims.scope.split()),
        token=claims.jti,
        expires=claims.exp,
        patient=claims.patient,
    )
