"""Verify the signed assertion by which a client proves its identity at the token endpoint (private_key_jwt).

https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from app.access.signed import NotSigned, read_signed, verified_payload
from app.access.smart.key_source import PublicKey
from app.access.smart.oauth_error import OAuthError, invalid_client

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = {"RS384": "RSA", "ES384": "EC"}
"""The algorithms that SMART names, and the type of their keys."""

LONGEST_ASSERTION = 8192
LONGEST_JTI = 256
LONGEST_LIFETIME = 300
SKEW = 30

NOT_PROVED = (
    "The client is unknown, or its assertion is not signed with a registered key: the header must have an alg of RS384 "
    "or ES384 and the kid of one registered key."
)
"""The one answer to every assertion without a valid signature: it must not tell whether the client exists."""


class Assertion(Struct, frozen=True):
    """An assertion that is not verified yet: the claimed client, and what its header says about the key."""

    text: str
    client: str
    algorithm: str
    kid: str
    key_url: str | None


class Proof(Struct, frozen=True):
    """A verified assertion. `jti` must not be used again until `expires`, in seconds since 1970."""

    client: str
    jti: str
    expires: float


class _Header(Struct):
    alg: str
    kid: str
    typ: str = "JWT"
    jku: str | None = None


class _Issuer(Struct):
    iss: str


class _Claims(Struct):
    iss: str
    sub: str
    aud: str | tuple[str, ...]
    exp: int | float
    jti: str
    nbf: int | float = 0
    iat: int | float = 0


def read_assertion(text: str) -> Assertion:
    """Read an assertion without trust in it. Raises OAuthError if no key can verify it."""
    if not text.isascii() or len(text) > LONGEST_ASSERTION:
        raise invalid_client(NOT_PROVED)
    try:
        header, payload = read_signed(text, _Header)
        issuer = msgspec.json.decode(payload, type=_Issuer)
    except (NotSigned, ValueError, RecursionError) as unreadable:
        raise invalid_client(NOT_PROVED) from unreadable
    if header.alg not in ALGORITHMS or header.typ.upper() != "JWT":
        raise invalid_client(NOT_PROVED)
    return Assertion(text, issuer.iss, header.alg, header.kid, header.jku)


def claimed_issuer(text: str) -> str:
    """Return the issuer that an assertion with a chain of certificates names, without trust. Raises OAuthError."""
    try:
        payload = text.split(".")[1]
        return msgspec.json.decode(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=_Issuer).iss
    except (ValueError, IndexError, RecursionError) as unreadable:
        raise invalid_client(NOT_PROVED) from unreadable


def verify_assertion(assertion: Assertion, keys: Sequence[PublicKey], audience: str, now: float) -> Proof:
    """Return what the assertion proves, if one of the client's `keys` signed it for `audience`, the token URL.

    Only a client that signed the assertion learns which of its claims is wrong. Raises OAuthError.
    """
    fitting = [key for key in keys if _fits(key, assertion)]
    if len(fitting) != 1:
        raise invalid_client(NOT_PROVED)
    try:
        payload = verified_payload(assertion.text, fitting[0], assertion.algorithm)
    except NotSigned as refused:
        raise invalid_client(NOT_PROVED) from refused
    try:
        claims = msgspec.json.decode(payload, type=_Claims)
    except (ValueError, RecursionError) as malformed:
        raise _unfit("must have iss, sub, aud and jti as strings and exp as a number") from malformed
    _check(claims, assertion.client, audience, now)
    return Proof(claims.iss, claims.jti, claims.exp)


def _fits(key: PublicKey, assertion: Assertion) -> bool:
    return (
        key.kid == assertion.kid
        and key.key_type == ALGORITHMS[assertion.algorithm]
        and key.get("alg", assertion.algorithm) == assertion.algorithm
    )


def _check(claims: _Claims, client: str, audience: str, now: float) -> None:
    if claims.sub != client:
        raise _unfit("must have the client id as iss and as sub")
    if claims.aud not in (audience, (audience,)):
        raise _unfit("must have the URL of the token endpoint as aud")
    if claims.exp + SKEW <= now:
        raise _unfit("has expired")
    if claims.exp > now + LONGEST_LIFETIME + SKEW:
        raise _unfit("must expire within five minutes")
    if max(claims.nbf, claims.iat) > now + SKEW:
        raise _unfit("is not valid yet: nbf and iat must not be in the future")
    if not 0 < len(claims.jti) <= LONGEST_JTI:
        raise _unfit(f"must have a jti of at most {LONGEST_JTI} characters")


def _unfit(fault: str) -> OAuthError:
    return invalid_client(f"The assertion {fault}.")
