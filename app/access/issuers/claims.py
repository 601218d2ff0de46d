"""Check the claims of an external issuer's signed token, and read the facts about its caller.

A token that names no organization, patient or payer is refused; its scopes do not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from app.access.grant import InvalidToken, Role
from app.access.issuers.trusted_issuer import Alternatives, ClaimPath, TrustedIssuer
from app.access.verifier import Claimed, Verified

SKEW = 30
LONGEST_NAME = 256

OF_ID_TOKENS = frozenset({"at_hash", "c_hash", "s_hash"})
"""Claims that only an id_token has: https://openid.net/specs/openid-connect-core-1_0.html#IDToken."""

Claims = Mapping[str, Any]


class _Times(msgspec.Struct, frozen=True):
    exp: int | float
    iat: int | float
    nbf: int | float = 0


def read_claims(claims: Claims, issuer: TrustedIssuer, now: datetime) -> Verified:
    """Return the facts that the claims of a signed token prove. Raises InvalidToken."""
    _check_purpose(claims, issuer)
    expires = _check_times(claims, issuer, now.timestamp())
    paths = issuer.claims
    client = _text(claims, paths.client)
    if client is None:
        raise InvalidToken("it names no client")
    organizations = _values(claims, paths.organizations)
    payers = _values(claims, paths.payers)
    patient = _text(claims, paths.patient)
    if not (organizations or patient or payers):
        raise InvalidToken("it names no organization, patient or payer")
    return Verified(
        issuer=issuer.issuer,
        client=client,
        subject=_text(claims, paths.user) or client,
        scopes=_scopes(claims, paths.scope),
        token=_text(claims, paths.token) or "",
        expires=expires,
        patient=patient,
        certificate=_certificate(claims),
        claimed=Claimed(
            role=_role(claims, issuer),
            organizations=organizations,
            payers=payers,
            unregistered=issuer.unregistered,
        ),
    )


def _check_purpose(claims: Claims, issuer: TrustedIssuer) -> None:
    """Raise InvalidToken unless the token was made by this issuer, for this server, as an access token."""
    audience = claims.get("aud")
    if claims.get("iss") != issuer.issuer or issuer.audience not in (
        audience if isinstance(audience, list) else [audience]
    ):
        raise InvalidToken("it was not issued for this server")
    if OF_ID_TOKENS & claims.keys():
        raise InvalidToken("it is an id_token")
    if any(_at(claims, path) != value for path, value in issuer.required):
        raise InvalidToken("it lacks a claim that this server requires of its issuer")


def _check_times(claims: Claims, issuer: TrustedIssuer, now: float) -> float:
    """Return when the token expires. Raises InvalidToken outside of its times, and for a life that is too long."""
    try:
        times = msgspec.convert(claims, _Times)
    except msgspec.ValidationError as malformed:
        raise InvalidToken("its times exp and iat must be numbers") from malformed
    if times.exp + SKEW <= now:
        raise InvalidToken("it has expired")
    if max(times.iat, times.nbf) > now + SKEW:
        raise InvalidToken("it is not valid yet")
    if times.exp - times.iat > issuer.longest_lifetime:
        raise InvalidToken("it is valid for too long")
    return times.exp


def _certificate(claims: Claims) -> str | None:
    """Return the thumbprint of the certificate that the token is bound to. Raises InvalidToken for other bindings."""
    if "cnf" not in claims:
        return None
    binding = claims["cnf"]
    thumbprint = binding.get("x5t#S256") if isinstance(binding, dict) and len(binding) == 1 else None
    if not isinstance(thumbprint, str) or not thumbprint:
        raise InvalidToken("it is bound to a key in a way that this server cannot check")
    return thumbprint


def _role(claims: Claims, issuer: TrustedIssuer) -> Role | None:
    """Return the one role of this server that the token's roles mean; None if the issuer has no place for roles.

    Raises InvalidToken for none and for several: a user without a role must not get the one of the client.
    """
    named = _values(claims, issuer.claims.roles)
    if named is None:
        return None
    roles = {issuer.roles[name] for name in named if name in issuer.roles}
    if len(roles) != 1:
        raise InvalidToken("its roles must mean one role of this server")
    return roles.pop()


def _scopes(claims: Claims, places: Alternatives) -> frozenset[str]:
    """Return the scopes of all places; a text has several, with spaces between them."""
    return frozenset(scope for value in _all_values(claims, places) for scope in value.split())


def _values(claims: Claims, places: Alternatives) -> frozenset[str] | None:
    """Return the values of all places, each a text or a list of texts; None if the issuer has no place for them."""
    return frozenset(_all_values(claims, places)) if places else None


def _text(claims: Claims, places: Alternatives) -> str | None:
    """Return the one text. Raises InvalidToken for several, and for a text that no audit record should have."""
    texts = dict.fromkeys(_all_values(claims, places))
    if len(texts) > 1:
        raise InvalidToken("it has several values of one claim")
    if not all(text.isprintable() and len(text) <= LONGEST_NAME for text in texts):
        raise InvalidToken(
            f"it has a name with more than {LONGEST_NAME} characters, or with one that cannot be printed"
        )
    return next(iter(texts), None)


def _all_values(claims: Claims, places: Alternatives) -> Iterator[str]:
    for path in places:
        value = _at(claims, path)
        values = value if isinstance(value, list) else [] if value is None else [value]
        if not all(isinstance(item, str) for item in values):
            raise InvalidToken("it has a claim that is neither a text nor a list of texts")
        yield from filter(None, values)


def _at(claims: Claims, path: ClaimPath) -> object:
    """Return the claim at a path; None without one."""
    value: object = claims
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
