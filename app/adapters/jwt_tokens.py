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

from app.access.clients import DEMO_CLIENTS, Client
from app.access.grant import Grant, InvalidToken, Role

ALGORITHM = "RS256"
AUDIENCE = "preauth"
ISSUER = "preauth"
DEMO_ISSUER = "preauth-demo"
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
    role: Role
    org: str | None = None
    npis: tuple[str, ...] = ()
    patient: str | None = None
    member: tuple[str, str] | None = None
    payers: tuple[str, ...] = ()


def mint(key: RSAKey, client: Client, scopes: Collection[str], now: datetime, lifetime: timedelta) -> str:
    """Sign a token for `client` with `scopes`, valid from `now` for `lifetime` (at most 24 hours).

    A demo client's token has an issuer of its own, which production refuses.
    """
    issued = int(now.timestamp())
    claims = Claims(
        iss=DEMO_ISSUER if client.id in DEMO_CLIENTS else ISSUER,
        aud=AUDIENCE,
        sub=client.id,
        client_id=client.id,
        jti=secrets.token_urlsafe(16),
        iat=issued,
        nbf=issued,
        exp=issued + int(min(lifetime, LONGEST_LIFETIME).total_seconds()),
        scope=" ".join(sorted(scopes)),
        role=client.role,
        org=client.organization,
        npis=tuple(sorted(client.npis)),
        patient=client.patient,
        member=client.member,
        payers=tuple(sorted(client.payers)),
    )
    return jws.serialize_compact(_header(key), msgspec.json.encode(claims), key, algorithms=[ALGORITHM])


class JwtTokens:
    """Verify the server's own tokens; tokens of demo clients only if `demo`. Implements `TokenVerifier`."""

    def __init__(self, key: RSAKey, *, demo: bool = False) -> None:
        self._key = key
        self._issuers = frozenset({ISSUER, DEMO_ISSUER} if demo else {ISSUER})
        self._header = jws.serialize_compact(_header(key), b"", key, algorithms=[ALGORITHM]).partition(".")[0]
        self._read = lru_cache(TOKENS_REMEMBERED)(self._signed)

    def verify(self, token: str, now: datetime) -> Grant:
        """Return the grant of the token. Raises InvalidToken.

        All tokens of this server have the same header. The header is compared, never interpreted, so that a caller
        cannot choose how its token is checked. Signatures are cached; times are checked at every use.
        """
        claims, grant = self._read(token)
        _check(claims, now.timestamp())
        if grant is None:
            raise InvalidToken("it names no organization, patient or payer")
        return grant

    def _signed(self, token: str) -> tuple[Claims, Grant | None]:
        """Return the claims and the grant of a token signed with this key. Raises InvalidToken for any other token."""
        if len(token) > LONGEST_TOKEN or token.partition(".")[0] != self._header:
            raise InvalidToken(NOT_OURS)
        try:
            signed = jws.deserialize_compact(token, self._key, algorithms=[ALGORITHM])
            claims = msgspec.json.decode(signed.payload, type=Claims)
        except (JoseError, ValueError) as refused:
            raise InvalidToken(NOT_OURS) from refused
        if claims.iss not in self._issuers:
            raise InvalidToken(NOT_OURS)
        return claims, _grant(claims)


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


def _grant(claims: Claims) -> Grant | None:
    """Return the grant of the claims; None if they name no subject for their role."""
    subjects = {
        Role.PROVIDER: claims.org,
        Role.PATIENT: claims.patient or claims.member,
        Role.REVIEWER: claims.payers,
        Role.ADMIN: claims.payers,
    }
    if not subjects[claims.role]:
        return None
    return Grant(
        client=claims.client_id,
        role=claims.role,
        organization=claims.org,
        npis=frozenset(claims.npis),
        patient=claims.patient,
        member=claims.member,
        payers=frozenset(claims.payers),
        scopes=frozenset(claims.scope.split()),
    )
