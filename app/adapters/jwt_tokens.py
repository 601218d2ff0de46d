"""The install's own access tokens: RS256 JWTs signed with a key that never leaves the data folder.

https://www.rfc-editor.org/rfc/rfc9068 (JWT profile for OAuth 2.0 access tokens)
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

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
KEY_BITS = 2048
KEY_FILE = "token-key.pem"
OTHERS = stat.S_IRWXG | stat.S_IRWXO
LONGEST_LIFETIME = timedelta(hours=24)
LONGEST_TOKEN = 8192
SKEW = timedelta(seconds=30)
TOKENS_REMEMBERED = 1024

NOT_OURS = "it is not a token that this server issued"


class Claims(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a token says. Decoding is strict: a claim of another type, or a missing one, is refused."""

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


def load_or_create_key(folder: Path) -> RSAKey:
    """Return the install's signing key, made on first use.

    The file appears complete, readable by its owner only; of several processes that make one at the same time, all
    get the one that was first. Raises RuntimeError with a sentence for the operator where the file holds no usable key.
    """
    path = folder / KEY_FILE
    if not path.exists():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            create_key(path)
        except OSError as refused:
            raise RuntimeError(f"{path} cannot be made: {refused.strerror}.") from refused
    return load_key(folder)


def load_key(folder: Path) -> RSAKey:
    """Return the install's signing key.

    Raises FileNotFoundError where there is none, RuntimeError for a bad one or one that others than its owner can read.
    """
    path = folder / KEY_FILE
    with path.open("rb") as file:
        mode, text = os.fstat(file.fileno()).st_mode, file.read()
    if mode & OTHERS:
        raise RuntimeError(f"{path} can be read or changed by others than its owner; run: chmod 600 {path}")
    try:
        key = RSAKey.import_key(text)
    except (JoseError, ValueError, TypeError) as unreadable:
        raise RuntimeError(f"{path} has no RSA key; restore the file, or move it away to get a new key") from unreadable
    if not key.is_private or key.raw_value.key_size < KEY_BITS:
        raise RuntimeError(f"{path} must hold an RSA private key of at least {KEY_BITS} bits")
    key.ensure_kid()
    return key


def create_key(path: Path) -> None:
    """Write a new key beside `path` and give it that name, unless another process was first."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(RSAKey.generate_key(KEY_BITS).as_pem(private=True))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def mint(key: RSAKey, client: Client, scopes: Collection[str], now: datetime, lifetime: timedelta) -> str:
    """Sign a token that lets `client` do what `scopes` say, from `now` for `lifetime`, 24 hours at most.

    A token for a client of the demo says so by its issuer, which production does not know.
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
    """Verifies the install's own tokens, those for the demo's clients only in a `demo`.

    Keeps the contract of `ports.TokenVerifier`.
    """

    def __init__(self, key: RSAKey, *, demo: bool = False) -> None:
        self._key = key
        self._issuers = frozenset({ISSUER, DEMO_ISSUER} if demo else {ISSUER})
        self._header = jws.serialize_compact(_header(key), b"", key, algorithms=[ALGORITHM]).partition(".")[0]
        self._read = lru_cache(TOKENS_REMEMBERED)(self._signed)

    def verify(self, token: str, now: datetime) -> Grant:
        """Return what the token grants.

        A token of ours has one possible header (type, algorithm and key id), so that is compared and never
        interpreted: a caller cannot choose how its token is checked. A signature once found good is remembered, the
        times are looked at with every use. Raises InvalidToken.
        """
        claims, grant = self._read(token)
        _check(claims, now.timestamp())
        if grant is None:
            raise InvalidToken("it does not say for which organization, patient or payer it is")
        return grant

    def _signed(self, token: str) -> tuple[Claims, Grant | None]:
        """Read a token that this install's key has signed, and what it grants. Raises InvalidToken for any other."""
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
    """Return what the claims grant; None where they do not say for which organization, patient or payer."""
    known = {
        Role.PROVIDER: claims.org,
        Role.PATIENT: claims.patient or claims.member,
        Role.REVIEWER: claims.payers,
        Role.ADMIN: claims.payers,
    }
    if not known[claims.role]:
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
